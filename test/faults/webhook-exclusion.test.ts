import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { follow, type TestOwner } from '../hub.js';
import { makeEndpoint, operatorDesk } from '../webhook/operator-desk.js';
import { answering, dataOf, type Received, type Receiver } from '../webhook/receiver.js';
import { askReplay, replayOf } from '../webhook/replay-request.js';

const desk = operatorDesk();

/** Nowhere else, so whoever tells it tells of this person. */
const planted = { name: 'Zerlina Plantagenet', email: 'zerlina.planted@example.org' };
const template = '{"name": "[CUSTOMERNAME]", "mail": "[CUSTOMEREMAIL]"}';

test(
  'D 22: a customer is excluded during retries, a replay and an open subscription: from then on nobody is told its name',
  { timeout: 60_000 },
  async () => {
    const owner = await desk.owner();
    const id = await makeCustomer(owner);
    const receivers = await Promise.all(['retries', 'template', 'replay'].map(() => desk.receiver(answering(204))));
    const [retries, templated, replayed] = receivers as [Receiver, Receiver, Receiver];
    const endpoints = [
      await makeEndpoint(owner, retries),
      await makeEndpoint(owner, templated, { template }),
      await makeEndpoint(owner, replayed),
    ];
    const client = desk.hub.subscriber(owner.key);
    const { feedCursor } = await owner.gql<{ feedCursor: string }>('{ feedCursor }');
    const events = follow<{ customerSnapshots: Pushed }>(client, subscription, { after: feedCursor }, 30_000);
    desk.dispatcher({ retryScheduleMs: Array.from({ length: 200 }, () => 30), deadlineMs: 15_000 });
    await change(owner, id, 'Copenhagen');
    for (const receiver of receivers) await receiver.until((requests) => requests.some(tells));
    expect(tellsIn(await events.next())).toBe(true); // so the test can see it

    // Two endpoints refuse what they get and say it back; the third one is sent everything once more.
    const held: ServerResponse[] = [];
    const hold = (_request: Received, res: ServerResponse) => void held.push(res);
    for (const receiver of [retries, templated]) receiver.answer(echoing);
    const seen = receivers.map((receiver) => receiver.requests.length);
    await change(owner, id, 'Aarhus');
    expect(tellsIn(await events.next())).toBe(true);
    for (const i of [0, 1]) await receivers[i]!.until((requests) => requests.length > seen[i]! + 2);
    await receivers[2]!.until((requests) => requests.length > seen[2]!);
    for (const receiver of receivers) receiver.answer(hold);
    const replay = await askReplay(owner, { endpointId: endpoints[2]!.id, since: '2020-01-01T00:00:00Z' });
    await desk.eventually(() => Promise.resolve(held.length === receivers.length));

    await owner.gql(
      'mutation ($id: ID!) { setCustomerExcluded(customer: { id: $id }, excluded: true) { userErrors { message } } }',
      { id },
    );
    const before = receivers.map((receiver) => receiver.requests.length);
    for (const receiver of receivers) receiver.answer(echoing);
    for (const res of held) res.writeHead(500).end(planted.name); // what was under way, refused
    for (const [i, receiver] of receivers.entries())
      await receiver.until((requests) => requests.length > before[i]! + 1); // tried again, and refused again
    const waiting = await textOf('webhook_parked');
    expect(waiting).toContain('answered 500');
    for (const receiver of receivers) receiver.answer(answering(204));
    await desk.eventually(async () => (await textOf('webhook_parked')) === '' && (await lag()) === 0);
    await desk.eventually(async () => (await replayOf(owner, replay.id)).state === 'DONE');

    for (const [i, receiver] of receivers.entries()) {
      const later = receiver.requests.slice(before[i]);
      expect(later.filter(tells)).toEqual([]);
      expect(dataOf(later.at(-1)!)).toMatchObject({ customerId: id, snapshot: null });
    }
    const pushed = await events.next();
    expect(pushed.customerSnapshots).toMatchObject({ customerId: id, reasons: ['EXCLUDED'], snapshot: null });
    expect(tellsIn(pushed)).toBe(false);
    const metrics = await (await fetch(`${desk.hub.url}/metrics`)).text();
    expect(metrics).toContain('stamdata_webhook_parked_customers');
    const tables = ['webhook_last_body', 'webhook_replay', 'webhook_told', 'webhook_notice', 'feed', 'outbox'];
    const left = { waiting, metrics, logs: JSON.stringify([desk.hub.logged, desk.logged]) };
    const rows = await Promise.all(tables.map(async (table) => [table, await textOf(table)] as const));
    for (const [where, text] of [...Object.entries(left), ...rows]) expect(tellsIn(text), where).toBe(false);
    const errors = await desk.hub.clone.sql<{ error: string }>(
      'SELECT error FROM webhook_attempt WHERE error IS NOT NULL',
    );
    expect(errors.length).toBeGreaterThan(3);
    expect(errors.filter(({ error }) => tellsIn(error))).toEqual([]);
    await events.end();
  },
);

/** Refuses, and says back what it was sent, as some do. */
const echoing = (request: Received, res: ServerResponse): void => void res.writeHead(500).end(request.body);

interface Pushed {
  customerId: string;
  reasons: string[];
  snapshot: { name: string; email: string | null } | null;
}

const subscription = `subscription ($after: String) {
  customerSnapshots(after: $after) { customerId reasons snapshot { name email } } }`;

function tellsIn(what: unknown): boolean {
  const text = typeof what === 'string' ? what : JSON.stringify(what);
  return [planted.name, 'Plantagenet', planted.email].some((part) => text.includes(part));
}

const tells = (request: Received): boolean => tellsIn([request.url, request.headers, request.body]);

async function makeCustomer(owner: TestOwner): Promise<string> {
  const { made } = await owner.gql<{ made: { customer: { id: string } } }>(
    'mutation ($input: CreateCustomerInput!) { made: createCustomer(input: $input) { customer { id } } }',
    { input: { code: 'PLANTED', ...planted } },
  );
  await desk.eventually(async () => (await textOf('outbox')) === '');
  return made.customer.id;
}

const change = (owner: TestOwner, id: string, address: string) =>
  owner.gql(
    'mutation ($id: ID!, $address: String!) { updateCustomer(by: { id: $id }, input: { address: $address }) { userErrors { message } } }',
    { id, address },
  );

/** Everything that stands in a table. */
async function textOf(table: string): Promise<string> {
  const rows = await desk.hub.clone.sql<{ text: string }>(`SELECT t::text AS text FROM ${table} t`);
  return rows.map(({ text }) => text).join('\n');
}

async function lag(): Promise<number> {
  const [row] = await desk.hub.clone.sql<{ lag: number }>(
    `SELECT ((SELECT count(*) FROM outbox) + max(h.last_pos - c.acked_pos))::int AS lag
     FROM webhook_cursor c JOIN feed_head h USING (owner_id)`,
  );
  return row!.lag;
}
