import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { codesOf, csv, customers, importFile, ndjson, operations, until } from './import-request.js';
import { Sender } from './sender.js';

let hub: TestHub;
let other: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub();
  other = await startTestHub({ clone: hub.clone });
});
beforeEach(async () => {
  owner = await hub.owner();
});
afterAll(async () => {
  await other.stop();
  await hub.stop();
});

const query = { idempotencyKey: 'the key' };
const atWork = (state: string) => (all: { state: string; rows: number }[]) =>
  all[0]?.state === state && all[0].rows > 0;

/** Sends the first rows and stays; resolves when some of them are written. */
async function begin(rows: object[], url = hub.url): Promise<Sender> {
  const sender = new Sender(url, owner, query);
  for (let from = 0; from < rows.length; from += 500) await sender.send(ndjson(rows.slice(from, from + 500)));
  await until(() => operations(owner), atWork('RUNNING'));
  return sender;
}

test('issue 6.1, 6.5: a sender that goes away leaves a place; the same file goes on behind it, on another process, and no row is doubled', async () => {
  const rows = customers(1, 6_000, (n) => (n % 1_000 === 7 ? { email: 'nobody' } : {}));
  const sender = await begin(rows.slice(0, 4_000));
  sender.cut();
  const [stopped] = await until(() => operations(owner), atWork('INTERRUPTED'));
  expect(stopped).toMatchObject({
    note: 'the sender went away before the end of the file',
    endedAt: expect.any(String) as string,
  });
  expect(stopped!.rows).toBe((await codesOf(hub, owner)).length + stopped!.rejected);
  const answer = await importFile(other, owner, ndjson(rows), { query });
  expect(answer.last).toMatchObject({
    done: true,
    operationId: stopped!.id,
    counts: { rows: 6_000, created: 5_994, rejected: 6 },
  });
  expect(
    answer.problems.map(({ line }) => line),
    'also those of the first part',
  ).toEqual([7, 1_007, 2_007, 3_007, 4_007, 5_007]);
  expect(new Set(await codesOf(hub, owner)).size).toBe(5_994);
  const events = await hub.clone.sql(
    'SELECT FROM outbox WHERE owner_id = $1 UNION ALL SELECT FROM feed WHERE owner_id = $1',
    [owner.id],
  );
  expect(events).toHaveLength(5_994);
});

test('issue 6.5: the same key and file again gives the stored answer; another file or other settings are refused', async () => {
  const text = ndjson([...customers(1, 3), { code: 'bad' }]);
  const first = await importFile(hub, owner, text, { query });
  const again = await importFile(other, owner, text, { headers: { 'idempotency-key': 'the key' } });
  expect(again).toEqual(first);
  const reused = { status: 422, problems: [], last: { error: { code: 'IDEMPOTENCY_KEY_REUSED' } } };
  expect(await importFile(hub, owner, `${text}\n`, { query })).toMatchObject(reused);
  expect(await importFile(hub, owner, text.replace('Name 2', 'Name 3'), { query })).toMatchObject(reused);
  expect(await importFile(hub, owner, ndjson(customers(1, 2)), { query })).toMatchObject(reused);
  expect(await importFile(hub, owner, text, { query: { ...query, onExisting: 'skip' } })).toMatchObject(reused);
  expect(await importFile(hub, owner, 'code,name\nx,y\n', { query, type: csv })).toMatchObject(reused);
  expect(await codesOf(hub, owner)).toHaveLength(3);
  const neighbour = await hub.owner();
  expect(
    (await importFile(hub, neighbour, ndjson(customers(9, 9)), { query })).last.counts,
    'a key is its owner’s',
  ).toMatchObject({ created: 1 });
});

test('issue 6.5: while a key is at work it is IN_PROGRESS, on every process', async () => {
  const sender = await begin(customers(1, 3_000));
  for (const each of [hub, other]) {
    const answer = await importFile(each, owner, ndjson(customers(1, 1)), { query });
    expect(answer).toMatchObject({ status: 409, last: { error: { code: 'IN_PROGRESS' } } });
  }
  expect((await sender.end().answer()).last.counts).toMatchObject({ created: 3_000 });
});

test('issue 6.5: a file that is another one before the place is refused and leaves the place as it was', async () => {
  const rows = customers(1, 4_000);
  (await begin(rows.slice(0, 3_000))).cut();
  const [stopped] = await until(() => operations(owner), atWork('INTERRUPTED'));
  const changed = ndjson(rows).replace('Name 17"', 'Name 71"');
  const shorter = ndjson(rows.slice(0, stopped!.rows - 1));
  for (const text of [changed, shorter])
    expect(await importFile(hub, owner, text, { query })).toMatchObject({
      status: 422,
      last: { error: { code: 'IDEMPOTENCY_KEY_REUSED' } },
    });
  expect(await operations(owner)).toMatchObject([{ state: 'INTERRUPTED', rows: stopped!.rows }]);
  expect((await importFile(hub, owner, ndjson(rows), { query })).last.counts).toMatchObject({
    rows: 4_000,
    created: 4_000,
  });
});

test('issue 6.1: a table goes on by its own places, behind its header', async () => {
  const lines = customers(1, 4_000).map((row) => Object.values(row).join(';'));
  const sender = new Sender(hub.url, owner, query, csv);
  await sender.send(['code;name', ...lines.slice(0, 3_000), ''].join('\r\n'));
  await until(() => operations(owner), atWork('RUNNING'));
  sender.cut();
  await until(() => operations(owner), atWork('INTERRUPTED'));
  const answer = await importFile(other, owner, ['code;name', ...lines, 'C-1;again'].join('\r\n'), {
    query,
    type: csv,
  });
  expect(answer.last.counts).toMatchObject({ rows: 4_001, created: 4_000, rejected: 1 });
  expect(answer.problems).toMatchObject([{ line: 4_002, code: 'C-1' }]);
});

test('delivery-design D 13: a hub that stops ends an import behind its chunk, and tells how to go on', async () => {
  const third = await startTestHub({ clone: hub.clone });
  const rows = customers(1, 5_000);
  const sender = await begin(rows.slice(0, 3_000), third.url);
  const stopping = third.stop();
  const answer = await sender.answer();
  await stopping;
  expect(answer.last.error).toMatchObject({
    code: 'INTERRUPTED',
    message: expect.stringMatching(/same idempotencyKey/) as string,
  });
  expect(await operations(owner)).toMatchObject([{ state: 'INTERRUPTED' }]);
  expect((await importFile(hub, owner, ndjson(rows), { query })).last.counts).toMatchObject({ created: 5_000 });
});
