import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { endStarted } from '../process/command.js';
import { makeCustomers, makeEndpoint } from '../webhook/operator-desk.js';
import { DeliveryLedger } from './delivery-ledger.js';
import { startWebhookWorker } from './webhook-worker.js';

const seconds = Number(process.env.STAMDATA_FAULT_SECONDS ?? 5);
const long = process.env.STAMDATA_FAULT_SECONDS !== undefined;
/** Twenty endpoints an owner are all that it may have. */
const size = long
  ? { owners: 5, endpoints: 20, customers: 400, changes: Math.min(10_000, 20 * seconds), atOnce: 5 }
  : { owners: 5, endpoints: 20, customers: 20, changes: 200, atOnce: 20 };
const answersAfterMs = 2_000;
/** The figure of the design, where the machine does nothing else. */
const mostLateMs = long ? 2_000 : 20_000;
/** The first probe comes 4 s after the breaker has opened, at the earliest. */
const beforeProbesMs = 3_500;
const patienceMs = 60_000;
const dead = '/dead';
const slow = '/slow';

interface Served {
  owner: TestOwner;
  customers: string[];
  tag: string;
  good: string[];
}

let hub: TestHub;
let served: Served[];
let deadEndpoint: string;
const ledger = new DeliveryLedger(({ path }, res) => {
  if (path === dead) res.writeHead(503).end();
  else if (path === slow) setTimeout(() => res.writeHead(204).end(), answersAfterMs);
  else res.writeHead(204).end();
});
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api,relay' } });
  await ledger.start();
  served = [];
  for (let n = 0; n < size.owners; n++) served.push(await makeServed(n));
  await startWebhookWorker(hub);
}, 120_000);
afterAll(async () => {
  await endStarted();
  await ledger.stop();
  await hub?.stop();
}, 60_000);

test(
  'D 9: of a hundred endpoints one is dead and one is slow: the others get every change soon, and the dead one costs little',
  { timeout: seconds * 1_000 + 3 * patienceMs },
  async () => {
    const began = await changeAll();
    const good = served.flatMap((one) => one.good.map((path) => ({ path, one })));
    const all = good.reduce((sum, { one }) => sum + began.get(one)!.size, 0);
    await until(() => isAtLeast(all), 'the good endpoints have got all changes');

    const lateMs: number[] = [];
    for (const { one } of good.filter(({ one }, i) => good.findIndex((other) => other.one === one) === i)) {
      const changes = began.get(one)!;
      for (const { path, customerId, version, at } of ledger.arrivals)
        if (one.good.includes(path)) lateMs.push(at - changes.get(`${customerId} v${version}`)!);
    }
    for (const { path, one } of good) expect(ledger.missing(path, changesOf(began.get(one)!))).toEqual([]);
    expect(ledger.disorder()).toEqual([]);
    lateMs.sort((a, b) => a - b);
    const p99 = lateMs[Math.floor(lateMs.length * 0.99)]!;
    expect(p99).toBeLessThan(mostLateMs);

    const toDead = ledger.arrivals.filter(({ path }) => path === dead).map(({ at }) => at);
    const [first] = toDead as [number];
    expect(toDead.filter((at) => at < first + beforeProbesMs).length).toBeLessThanOrEqual(10);
    const [cost] = await hub.clone.sql<{ breaker: string; parked: number }>(
      `SELECT breaker, (SELECT count(*)::int FROM webhook_parked p WHERE p.endpoint_id = c.endpoint_id) AS parked
       FROM webhook_cursor c WHERE endpoint_id = $1`,
      [deadEndpoint],
    );
    expect(cost).toMatchObject({ breaker: 'OPEN' });
    expect(cost!.parked).toBeLessThanOrEqual(10);
    expect(ledger.arrivals.filter(({ path }) => path === slow).length).toBeGreaterThan(0);
    if (long)
      console.info(
        `${lateMs.length} deliveries to ${good.length} good endpoints, p50 ${Math.round(lateMs[lateMs.length >> 1]!)} ms, ` +
          `p99 ${Math.round(p99)} ms; ${toDead.length} requests to the dead one, ${cost!.parked} customers parked for it`,
      );
  },
);

/** An owner with customers that are in the feed before there are endpoints; the first one has the dead and the slow one too. */
async function makeServed(n: number): Promise<Served> {
  const owner = await hub.owner();
  const codes = Array.from({ length: size.customers }, (_, i) => `C${i}`);
  const customers = await makeCustomers(owner, codes);
  const { made } = await owner.gql<{ made: { tag: { id: string } } }>(
    'mutation { made: createTag(name: "Changed") { tag { id } } }',
  );
  await until(async () => (await hub.clone.sql('SELECT FROM outbox')).length === 0, 'the customers are in the feed');
  const special = n === 0 ? [dead, slow] : [];
  const good = Array.from({ length: size.endpoints - special.length }, (_, i) => `/good/${n}/${i}`);
  for (const path of [...special, ...good]) {
    const { id } = await makeEndpoint(owner, { url: ledger.url(path) });
    if (path === dead) deadEndpoint = id;
  }
  return { owner, customers, tag: made.tag.id, good };
}

type Changes = Map<string, number>;

/** Changes customers of one owner after the other, evenly over the time. Gives by owner when each version was asked for. */
async function changeAll(): Promise<Map<Served, Changes>> {
  const began = new Map(served.map((one) => [one, new Map<string, number>()]));
  const calls = size.changes / size.atOnce;
  const everyMs = (0.8 * seconds * 1_000) / calls;
  const start = performance.now();
  for (let call = 0; call < calls; call++) {
    await sleep(Math.max(0, start + call * everyMs - performance.now()));
    const one = served[call % size.owners]!;
    const turn = Math.floor(call / size.owners) * size.atOnce;
    const from = turn % size.customers;
    const round = Math.floor(turn / size.customers);
    const ids = one.customers.slice(from, from + size.atOnce);
    const field = round % 2 === 0 ? 'tagCustomers' : 'untagCustomers';
    for (const id of ids) began.get(one)!.set(`${id} v${round + 2}`, performance.now());
    await one.owner.gql(
      `mutation ($tag: ID!, $ids: [ID!]!) { ${field}(tagId: $tag, customerIds: $ids) { customerIds } }`,
      { tag: one.tag, ids },
    );
  }
  return began;
}

const changesOf = (changes: Changes): { customerId: string; version: number }[] =>
  [...changes.keys()].map((name) => {
    const [customerId, version] = name.split(' v') as [string, string];
    return { customerId, version: Number(version) };
  });

const isAtLeast = (count: number): boolean =>
  ledger.arrivals.length >= count && ledger.arrivals.filter(({ path }) => path.startsWith('/good/')).length >= count;

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + patienceMs; !(await holds()); await sleep(50))
    if (Date.now() > deadline) throw new Error(`still not so: ${what}`);
}
