import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import type { TestOwner } from '../hub.js';
import { makeCustomers, makeEndpoint, operatorDesk, rename } from './operator-desk.js';
import { answering, dataOf, type Received, type Receiver } from './receiver.js';

const desk = operatorDesk();

const bulkInsert = (owner: TestOwner, codes: string[], more: object = {}) =>
  owner.gql<{ done: { counts: object; userErrors: object[] } }>(
    `mutation ($input: BulkInsertCustomersInput!) { done: bulkInsertCustomers(input: $input) {
       counts { rows customers rejected } userErrors { code } } }`,
    { input: { ownerCode: owner.code, customers: codes.map((code) => ({ code, name: `Name of ${code}` })), ...more } },
  );

const update = (owner: TestOwner, codes: string[], fields: object, delivery: string) =>
  owner.gql(
    'mutation ($input: BulkUpdateCustomersInput!) { bulkUpdateCustomers(input: $input) { errors { errors } } }',
    { input: { ownerCode: owner.code, delivery, rows: codes.map((code) => ({ by: { code }, fields })) } },
  );

const eventOf = (request: Received) => request.headers['webhook-event'];
const versionsOf = (receiver: Receiver, customerId: string) =>
  receiver.requests.flatMap((request) => {
    const data = dataOf(request);
    return data.customerId === customerId ? [data.version] : [];
  });
const moved = (owner: TestOwner) =>
  desk.eventually(
    async () => (await desk.hub.clone.sql('SELECT FROM outbox WHERE owner_id = $1', [owner.id])).length === 0,
  );
const summariesLeft = async (owner: TestOwner) =>
  (await desk.hub.clone.sql('SELECT FROM batch_summary WHERE owner_id = $1', [owner.id])).length;

test('SUMMARY: one signed request for the batch and none for its customers; the feed has every event (D1)', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  const { secret } = await makeEndpoint(owner, receiver);
  const codes = Array.from({ length: 300 }, (_, i) => `S${i}`);
  const { done } = await bulkInsert(owner, [...codes, 'S0'], { delivery: 'SUMMARY' });
  expect(done.counts).toEqual({ rows: 301, customers: 300, rejected: 1 });
  await moved(owner);
  const [last] = await makeCustomers(owner, ['AFTER']);
  desk.dispatcher();
  await receiver.until((requests) => requests.length === 2);
  const [summary, single] = receiver.requests.toSorted((a) => (eventOf(a) === 'customers.bulk' ? -1 : 1));
  new Webhook(secret).verify(summary!.body, summary!.headers as Record<string, string>);
  expect(eventOf(summary!)).toBe('customers.bulk');
  expect(JSON.parse(summary!.body)).toEqual({
    type: 'customers.bulk',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    data: {
      ...{ operation: 'bulkInsertCustomers', operationId: null, origin: expect.any(String) as string },
      reasons: ['CREATED', 'UPDATED', 'TAG', 'CONSENT'],
      counts: { rows: 301, customers: 300, users: 0, updated: 0, unchanged: 0, skipped: 0, rejected: 1 },
    },
  });
  expect(dataOf(single!).customerId).toBe(last);
  const { customerEvents } = await owner.gql<{ customerEvents: { nodes: { reasons: string[] }[] } }>(
    '{ customerEvents(first: 100) { nodes { reasons } } }',
  );
  expect(customerEvents.nodes).toHaveLength(100);
  expect(await summariesLeft(owner)).toBe(0);
});

test('SUMMARY: told again until the receiver takes it, and only to endpoints that want such events from such an origin', async () => {
  const owner = await desk.owner();
  const [failing, others, own, query] = await Promise.all([1, 2, 3, 4].map(() => desk.receiver()));
  let refusals = 2;
  failing!.answer((request, res) => {
    const refused = eventOf(request) === 'customers.bulk' && refusals-- > 0;
    res.writeHead(refused ? 503 : 204).end();
  });
  await makeEndpoint(owner, failing!);
  await makeEndpoint(owner, others!, { reasons: ['ORDER'] });
  const { viewer } = await owner.gql<{ viewer: { name: string } }>('{ viewer { name } }');
  await makeEndpoint(owner, own!, { exceptOrigins: [viewer.name] });
  await makeEndpoint(owner, query!, { method: 'GET' });
  await bulkInsert(owner, ['A', 'B'], { delivery: 'SUMMARY' });
  await moved(owner);
  await makeCustomers(owner, ['C']);
  desk.dispatcher();
  await failing!.until((requests) => requests.filter((request) => eventOf(request) === 'customers.bulk').length === 3);
  const told = failing!.requests.filter((request) => eventOf(request) === 'customers.bulk');
  expect(new Set(told.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  await query!.until((requests) => requests.some((request) => eventOf(request) === 'customers.bulk'));
  const asQuery = new URL(query!.requests.find((request) => eventOf(request) === 'customers.bulk')!.url, query!.url);
  expect(Object.fromEntries(asQuery.searchParams)).toMatchObject({ type: 'customers.bulk', rows: '2', customers: '2' });
  expect(others!.requests).toEqual([]);
  expect(own!.requests).toEqual([]);
});

test('SUMMARY: nobody is told of a dry run, of a batch that changed nothing, or of one that was refused', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  await makeEndpoint(owner, receiver);
  await bulkInsert(owner, ['A'], { delivery: 'SUMMARY', dryRun: true });
  await bulkInsert(owner, [], { delivery: 'SUMMARY' });
  await bulkInsert(owner, ['A']);
  await bulkInsert(owner, ['A'], { delivery: 'SUMMARY' });
  await update(owner, ['A'], { name: 'Name of A' }, 'SUMMARY');
  expect(await summariesLeft(owner)).toBe(0);
});

test('SUMMARY: a customer that leaves the conditions by it is told by itself, or the receiver would not know', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  await makeEndpoint(owner, receiver, { conditions: { hasEmail: true } });
  await bulkInsert(owner, ['A', 'B']);
  await update(owner, ['A', 'B'], { email: 'a@b.example' }, 'NORMAL');
  desk.dispatcher();
  await receiver.until((requests) => requests.length === 4);
  await update(owner, ['A'], { email: null }, 'SUMMARY');
  await update(owner, ['B'], { name: 'Bea' }, 'SUMMARY');
  await receiver.until((requests) => requests.filter((request) => eventOf(request) === 'customers.bulk').length === 2);
  await receiver.until((requests) => requests.some(({ headers }) => headers['webhook-filter'] === 'left'));
  const single = receiver.requests.slice(4).filter((request) => eventOf(request) !== 'customers.bulk');
  expect(single.map((request) => [request.headers['webhook-filter'], dataOf(request).snapshot!.name])).toEqual([
    ['left', 'Name of A'],
  ]);
});

test('LATEST: what waits of one customer from such batches is one request, with the reasons of all; others are told each', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  await makeEndpoint(owner, receiver, { mode: 'EVERY' });
  const [a, b] = await makeCustomers(owner, ['A', 'B']);
  for (const name of ['One', 'Two', 'Three']) await update(owner, ['A', 'B'], { name }, 'LATEST');
  await rename(owner, b!, 'Four');
  await update(owner, ['B'], { name: 'Five' }, 'LATEST');
  await moved(owner);
  desk.dispatcher();
  await receiver.until(() => versionsOf(receiver, a!).includes(4) && versionsOf(receiver, b!).includes(6));
  expect(versionsOf(receiver, a!)).toEqual([1, 4]);
  expect(versionsOf(receiver, b!)).toEqual([1, 4, 5, 6]);
});

test('LATEST: so it is for a customer that is tried again', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver(answering(422));
  await makeEndpoint(owner, receiver, { mode: 'EVERY' });
  const [a] = await makeCustomers(owner, ['A']);
  desk.dispatcher({ retryScheduleMs: Array.from({ length: 200 }, () => 15) });
  await receiver.until((requests) => requests.length > 0);
  for (const name of ['One', 'Two']) await update(owner, ['A'], { name }, 'LATEST');
  await rename(owner, a!, 'Three');
  for (const name of ['Four', 'Five']) await update(owner, ['A'], { name }, 'LATEST');
  await desk.eventually(
    async () =>
      (
        await desk.hub.clone.sql<{ n: number }>(
          'SELECT (last_pos - first_pos)::int AS n FROM webhook_parked WHERE owner_id = $1',
          [owner.id],
        )
      )[0]?.n === 5,
  );
  const failed = receiver.requests.length;
  receiver.answer(answering(204));
  await receiver.until(() => versionsOf(receiver, a!).includes(6));
  const accepted = [...new Set(versionsOf(receiver, a!).slice(failed - 1))];
  expect(accepted).toEqual([1, 3, 4, 6]);
});
