import { expect, test } from 'vitest';
import { customers, importFile } from '../import/import-request.js';
import { Sender } from '../import/sender.js';
import { makeEndpoint, operatorDesk } from './operator-desk.js';
import { dataOf, type Receiver } from './receiver.js';

const desk = operatorDesk();

const ndjson = (rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const summariesOf = (receiver: Receiver) =>
  receiver.requests
    .filter(({ headers }) => headers['webhook-event'] === 'customers.bulk')
    .map(({ body }) => (JSON.parse(body) as { data: { operation: string; operationId: string; counts: object } }).data);

test('SUMMARY: an import of many batches is one request, with its operation; a second time with its key it is none', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  await makeEndpoint(owner, receiver);
  const query = { delivery: 'SUMMARY', idempotencyKey: 'k' };
  const file = ndjson(customers(1, 6_000));
  const { last } = await importFile(desk.hub, owner, file, { query });
  await importFile(desk.hub, owner, file, { query });
  await importFile(desk.hub, owner, ndjson(customers(7_001, 7_010)), {
    query: { delivery: 'summary', dryRun: 'true' },
  });
  await importFile(desk.hub, owner, ndjson(customers(8_001, 8_001)));
  desk.dispatcher();
  await receiver.until((requests) => requests.length === 2);
  expect(summariesOf(receiver)).toMatchObject([
    { operation: 'import', operationId: last.operationId, counts: { rows: 6_000, created: 6_000, rejected: 0 } },
  ]);
  expect(await desk.hub.clone.sql('SELECT FROM batch_summary WHERE owner_id = $1', [owner.id])).toEqual([]);
});

test('SUMMARY: of an import that stops early what it has written is told', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  await makeEndpoint(owner, receiver);
  const sender = new Sender(desk.hub.url, owner, { delivery: 'SUMMARY', idempotencyKey: 'k' });
  await sender.send(ndjson(customers(1, 6_000)));
  await desk.eventually(
    async () => (await desk.hub.clone.sql('SELECT FROM customer WHERE owner_id = $1', [owner.id])).length > 0,
  );
  sender.request.destroy();
  desk.dispatcher();
  await receiver.until((requests) => requests.length === 1);
  const [written] = await desk.hub.clone.sql<{ n: number }>(
    'SELECT count(*)::int AS n FROM customer WHERE owner_id = $1',
    [owner.id],
  );
  expect(summariesOf(receiver)).toMatchObject([{ operation: 'import', counts: { created: written!.n } }]);
});

test('LATEST: customers that several batches change wait as one request; another word is refused by name', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  await makeEndpoint(owner, receiver, { mode: 'EVERY' });
  const rows = (name: string) => ndjson(customers(1, 3, () => ({ name })));
  for (const name of ['One', 'Two', 'Three'])
    await importFile(desk.hub, owner, rows(name), { query: { delivery: 'LATEST', onExisting: 'update' } });
  await desk.eventually(
    async () => (await desk.hub.clone.sql('SELECT FROM outbox WHERE owner_id = $1', [owner.id])).length === 0,
  );
  desk.dispatcher();
  await receiver.until((requests) => requests.length === 3);
  expect(receiver.requests.map(dataOf)).toMatchObject(
    [1, 2, 3].map(() => ({ version: 3, reasons: ['CREATED', 'UPDATED'], snapshot: { name: 'Three' } })),
  );
  const refused = await importFile(desk.hub, owner, rows('Four'), { query: { delivery: 'QUIET' } });
  expect(refused).toMatchObject({
    status: 400,
    last: { error: { code: 'BAD_USER_INPUT', message: expect.stringContaining('NORMAL, LATEST, SUMMARY') as string } },
  });
});
