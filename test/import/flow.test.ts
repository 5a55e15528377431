import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { codesOf, customers, importFile, ndjson, operations, until } from './import-request.js';
import { Sender } from './sender.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub();
});
beforeEach(async () => {
  owner = await hub.owner();
});
afterAll(() => hub.stop());

test('issue 6.1: while the database does not take a chunk, the sender waits: it is not read any further', async () => {
  const blocker = new pg.Client(hub.clone.connection);
  await blocker.connect();
  await blocker.query(`SELECT pg_advisory_lock(-${owner.id})`); // every write of the owner waits for it
  const sender = new Sender(hub.url, owner);
  const rows = customers(1, 12_000);
  const spaces = ' '.repeat(4_000); // 48 MB in all
  let sent = 0;
  let all = false;
  const sending = (async () => {
    for (const row of rows) {
      await sender.send(`${JSON.stringify(row)}${spaces}\n`);
      sent++;
    }
    all = true;
  })();
  let last = -1;
  await until(
    async () => {
      const still = sent === last;
      last = sent;
      await new Promise((resolve) => setTimeout(resolve, still ? 1_500 : 200));
      return still && sent === last;
    },
    (standing) => standing || all,
    60_000,
  );
  expect(all).toBe(false);
  expect(sent).toBeLessThan(10_000); // two chunks of 4 MB, and what the system keeps of a connection
  expect(await codesOf(hub, owner)).toEqual([]);
  await blocker.end();
  await sending;
  const answer = await sender.end().answer();
  expect(answer.last.counts).toMatchObject({ created: 12_000 });
});

test('issue 6.1: of a slow sender each row is written within about a second of its coming, and its problems are told at once', async () => {
  const sender = new Sender(hub.url, owner);
  await sender.send(ndjson([{ code: 'BAD' }, ...customers(1, 1)]));
  let sent = 1;
  await until(
    async () => {
      await sender.send(ndjson(customers(sent + 1, ++sent)));
      return codesOf(hub, owner);
    },
    (codes) => codes.length >= 1,
  );
  await until(
    () => Promise.resolve(sender.text),
    (text) => text.includes('"BAD"'),
  );
  expect(await sender.status()).toMatchObject({ status: 200, operationId: (await operations(owner))[0]!.id });
  expect((await sender.end().answer()).last.counts).toMatchObject({ rows: sent + 1, created: sent, rejected: 1 });
});

test('issue 6.1: a client that reads nothing before it has sent everything is told all problems in the end', async () => {
  const sender = new Sender(hub.url, owner, {}, 'application/x-ndjson', 'at the end');
  const count = 40_000; // their problems are more than a connection and the hub keep for a client
  for (let from = 0; from < count; from += 1_000)
    await sender.send(ndjson(Array.from({ length: 1_000 }, (_, i) => ({ code: `${from + i}-${'x'.repeat(300)}` }))));
  sender.end();
  await until(
    () => operations(owner),
    ([operation]) => operation?.rows === count,
    60_000,
  );
  const answer = await sender.answer();
  expect(answer.last.counts).toMatchObject({ rows: count, created: 0, rejected: count });
  expect(answer.problems.map(({ line }) => line)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
});

test('design C: a process takes four imports at a time and asks others to wait', async () => {
  const senders = await Promise.all(
    [1, 2, 3, 4].map(async (n) => {
      const sender = new Sender(hub.url, owner);
      await sender.send(ndjson(customers(n * 10_000, n * 10_000 + 2_999)));
      return sender;
    }),
  );
  await until(
    () => operations(owner),
    (all) => all.filter(({ rows }) => rows > 0).length === 4,
  );
  const response = await fetch(`${hub.url}/import/customers?owner=${owner.code}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${owner.key}`, 'content-type': 'application/x-ndjson' },
    body: ndjson(customers(1, 1)),
  });
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await response.json()).toMatchObject({ error: { code: 'BUSY' } });
  for (const sender of senders) expect((await sender.end().answer()).last.counts).toMatchObject({ created: 3_000 });
  expect((await importFile(hub, owner, ndjson(customers(1, 1)))).status).toBe(200);
});
