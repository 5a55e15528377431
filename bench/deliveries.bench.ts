import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { BenchHub, BenchOwner } from './bench-hub.js';
import { now } from './fan-out-clock.js';
import { median, quantile, round2, timed, type Figure } from './figure.js';
import type { SampleRequest } from './deliveries-receiver.js';
import { ReceiverProcess } from './receiver-process.js';

const concurrency = 64;

/**
 * A backlog of events of as many customers, delivered to a receiver in another process by the hub's own dispatcher, until
 * the last is acknowledged and logged; next to a loop of `undici` that sends the same bytes, headers and all, with the same
 * concurrency from the same process. And the time from the commit of a change to the receipt of its request, at 50 changes a second.
 */
export async function deliveries(bench: BenchHub, quick: boolean): Promise<Figure[]> {
  const events = quick ? 500 : 5_000;
  const owner = await bench.owner();
  const receiver = await ReceiverProcess.start();
  const agent = new Agent({ connections: concurrency, pipelining: 1 });
  const delivered: number[] = [];
  const bare: number[] = [];
  try {
    const endpoint = await createEndpoint(owner, receiver.url);
    await backlog(bench, owner, endpoint, 'W', 200);
    await deliver(bench, owner, endpoint); // connections are open, the code is warm
    const sample = await receiver.sample();
    await sendBare(agent, receiver.url, sample, 200);
    for (let round = 0; round < (quick ? 1 : 7); round++) {
      await backlog(bench, owner, endpoint, `R${round}`, events);
      delivered.push(await timed(() => deliver(bench, owner, endpoint)));
      bare.push(await timed(() => sendBare(agent, receiver.url, sample, events)));
    }
    const { latencies, perSecond } = await trickle(bench, owner, receiver, quick ? 50 : 500);
    return [...throughput(events, delivered, bare), ...waits(latencies, perSecond)];
  } finally {
    receiver.end();
    await agent.close();
  }
}

function throughput(events: number, delivered: number[], bare: number[]): Figure[] {
  const perSecond = (times: number[]) => Math.round((events * 1_000) / median(times));
  return [
    {
      name: `deliveries of ${events} events, signed and logged`,
      value: `${perSecond(delivered)} requests/s`,
      limit: `${perSecond(bare)} requests/s bare undici`,
      ratio: round2(median(bare) / median(delivered)),
    },
  ];
}

const waits = (latencies: number[], perSecond: number): Figure[] =>
  ([0.5, 0.99] as const).map((q) => ({
    name: `commit → webhook request at ${perSecond} changes/s, p${q * 100}`,
    value: `${quantile(latencies, q).toFixed(1)} ms`,
    limit: q === 0.5 ? '60 ms' : '300 ms',
  }));

interface Endpoint {
  id: string;
  url: string;
}

async function createEndpoint(owner: BenchOwner, url: string): Promise<Endpoint> {
  const { createWebhookEndpoint: made } = await owner.request<{
    createWebhookEndpoint: { webhookEndpoint: Endpoint | null; userErrors: { message: string }[] };
  }>(
    `mutation ($input: WebhookEndpointInput!) {
       createWebhookEndpoint(input: $input) { webhookEndpoint { id url } userErrors { message } } }`,
    { input: { url, maxInFlight: concurrency, ratePerSecond: 100_000 } },
  );
  if (!made.webhookEndpoint) throw new Error(JSON.stringify(made.userErrors));
  return made.webhookEndpoint;
}

/** Events that wait for a paused endpoint, each of a customer of its own. */
async function backlog(
  bench: BenchHub,
  owner: BenchOwner,
  endpoint: Endpoint,
  prefix: string,
  count: number,
): Promise<void> {
  await activate(owner, endpoint, false);
  const customers = Array.from({ length: count }, (_, n) => ({ code: `${prefix}-${n}`, name: `Customer ${n}` }));
  await owner.request(
    'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { counts { customers } } }',
    { input: { ownerCode: owner.code, customers } },
  );
  await until(bench, 'SELECT NOT EXISTS (SELECT FROM outbox WHERE owner_id = $1) AS met', owner);
  await bench.database.db.dataSource.query('ANALYZE'); // as autovacuum has done on a hub that is older than a minute
}

/** Until the last event of the backlog is acknowledged; that is written together with the log of attempts. */
async function deliver(bench: BenchHub, owner: BenchOwner, endpoint: Endpoint): Promise<void> {
  await activate(owner, endpoint, true);
  await until(
    bench,
    `SELECT c.acked_pos = h.last_pos AS met FROM webhook_cursor c JOIN feed_head h USING (owner_id) WHERE owner_id = $1`,
    owner,
  );
}

function activate(owner: BenchOwner, { id, url }: Endpoint, active: boolean): Promise<unknown> {
  return owner.request(
    'mutation ($id: ID!, $input: WebhookEndpointInput!) { updateWebhookEndpoint(id: $id, input: $input) { userErrors { message } } }',
    { id, input: { url, active } },
  );
}

async function until(bench: BenchHub, sql: string, { id }: BenchOwner): Promise<void> {
  for (;;) {
    const [row] = await bench.hub.db.asSystem((tx) => tx.rows<{ met: boolean }>(sql, [id]));
    if (row!.met) return;
    await delay(10);
  }
}

async function sendBare(agent: Agent, url: string, sample: SampleRequest, count: number): Promise<void> {
  let left = count;
  const sender = async () => {
    while (left-- > 0) {
      const answer = await request(url, { dispatcher: agent, method: 'POST', ...sample });
      await answer.body.dump();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, sender));
}

/**
 * One change after the other, each at its moment or as soon after it as the one before is answered, so that it is known
 * which commit is whose: the last time the write asked for the relay before it was answered.
 */
async function trickle(bench: BenchHub, owner: BenchOwner, receiver: ReceiverProcess, changes: number) {
  const committed = new Map<string, number>();
  const { wakeRelay } = bench.hub;
  let committedAt = 0;
  bench.hub.wakeRelay = () => {
    committedAt = now();
    wakeRelay();
  };
  const arrived = receiver.names(changes);
  const began = now();
  for (let n = 0; n < changes; n++) {
    await delay(Math.max(0, began + n * 20 - now()));
    await owner.request(
      'mutation ($by: CustomerIdentifierInput!, $name: String) { updateCustomer(by: $by, input: { name: $name }) { userErrors { message } } }',
      { by: { code: `R0-${n}` }, name: `Change ${n}` },
    );
    committed.set(`Change ${n}`, committedAt);
  }
  await delay(Math.max(0, began + changes * 20 - now()));
  const perSecond = Math.round((changes * 1_000) / (now() - began));
  bench.hub.wakeRelay = wakeRelay;
  await arrived;
  const arrivals = await receiver.arrivals();
  return { latencies: [...committed].map(([name, at]) => arrivals.get(name)! - at), perSecond };
}
