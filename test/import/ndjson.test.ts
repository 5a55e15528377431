import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { codesOf, customers, importFile, ndjson, operations } from './import-request.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub();
});
beforeEach(async () => {
  owner = await hub.owner();
});
afterAll(() => hub.stop());

test('api 6: rows of NDJSON are inserted in their order, problems told by line, counts at the end', async () => {
  const good = customers(1, 3, () => ({
    tags: ['vip'],
    externalReferences: [{ system: 'WOOCOMMERCE', identifier: 'x' }],
  }));
  const text = `${ndjson(good.slice(0, 1))}\n{"code":"A17"}\n{oops\n[1]\n${ndjson(customers(4, 4))}${JSON.stringify({ code: 'c-1', name: 'again' })}`;
  const answer = await importFile(hub, owner, text);
  expect(answer.status).toBe(200);
  expect(answer.problems).toEqual([
    { line: 3, code: 'A17', errors: ['missing name'] },
    { line: 4, code: '', errors: ['invalid row (not JSON)'] },
    { line: 5, code: '', errors: ['invalid row (send an object)'] },
    { line: 7, code: 'c-1', errors: ['invalid code (already exists)'] },
  ]);
  expect(answer.last).toEqual({
    done: true,
    operationId: expect.stringMatching(/^\d+$/) as string,
    dryRun: false,
    counts: { rows: 6, created: 2, updated: 0, unchanged: 0, skipped: 0, rejected: 4 },
  });
  expect(await codesOf(hub, owner)).toEqual(['C-1', 'C-4']);
  const [operation] = await operations(owner);
  expect(operation).toMatchObject({
    id: answer.last.operationId,
    ...{ state: 'DONE', dryRun: false, rows: 6, created: 2, rejected: 4, note: null, idempotencyKey: null },
    ...{ bytesRead: Buffer.byteLength(text), bytesExpected: Buffer.byteLength(text) },
  });
});

test('architecture 3: an import goes through the door for writes, so every customer has its event', async () => {
  await importFile(hub, owner, ndjson(customers(1, 5)));
  const events = await hub.clone.sql(
    `SELECT customer_id FROM outbox WHERE owner_id = $1 UNION ALL SELECT customer_id FROM feed WHERE owner_id = $1`,
    [owner.id],
  );
  expect(events).toHaveLength(5);
});

test('A16, A28: a login that is taken is told with the customer that was made; no password is told or stored in the clear', async () => {
  const login = { name: 'Ada', email: 'ada@example.org', login: 'ada99', password: 'pass-word-1' };
  const rows = customers(1, 2, () => ({ adminUser: login }));
  const answer = await importFile(hub, owner, ndjson(rows), { query: { idempotencyKey: 'logins' } });
  expect(answer.problems).toEqual([
    { line: 2, code: 'C-2', action: 'CREATE', errors: ['invalid adminUser.login (already exists)'] },
  ]);
  expect(answer.last.counts).toMatchObject({ created: 2, rejected: 0 });
  const kept = await hub.clone.sql<{ text: string }>(
    'SELECT o::text || r::text AS text FROM bulk_operation o JOIN bulk_operation_result r ON r.operation_id = o.id WHERE o.owner_id = $1',
    [owner.id],
  );
  expect(kept).toHaveLength(1);
  expect(kept[0]!.text).not.toContain('pass-word-1');
});

test('api 6: a name that no field has is a problem of its row, with what was probably meant', async () => {
  const answer = await importFile(hub, owner, ndjson([{ code: 'A', name: 'A', emial: 'x@example.org', qqqqqqqq: 1 }]));
  expect(answer.problems[0]!.errors).toEqual([
    'unknown field "emial" (did you mean email?)',
    'unknown field "qqqqqqqq"',
  ]);
});

test("api 6, N2–N38: rows in Netstorming's names are known by them, and told in them", async () => {
  const row = { code: 'NET1', name: 'Net', zip: 'no', mailstaff: 'x@example.org', booking_online: 'perhaps' };
  const answer = await importFile(hub, owner, ndjson([row, { code: 'NET2', name: 'Net', postalCode: '1' }]), {
    query: { profile: 'PARTNER' },
  });
  expect(answer.problems[0]!.errors).toEqual(expect.arrayContaining(['invalid zip', 'missing address']));
  expect(answer.problems[1]!.errors).toContain('unknown field "postalCode" (did you mean zip?)');
});

test('domain 3.6: a line of 5 MB is a problem of that line, and the rows behind it go on', async () => {
  const long = JSON.stringify({ code: 'LONG', name: 'x'.repeat(5_000_000) });
  const text = `${ndjson(customers(1, 1))}${long}\n${ndjson(customers(2, 2))}`;
  const answer = await importFile(hub, owner, text);
  expect(answer.problems).toEqual([{ line: 2, code: '', errors: ['invalid row (longer than a megabyte)'] }]);
  expect(answer.last.counts).toMatchObject({ created: 2, rejected: 1 });
});

test('ecosystem 1: more rows than a statement has parameters are written chunk by chunk', async () => {
  const answer = await importFile(hub, owner, ndjson(customers(1, 6_000)));
  expect(answer.last.counts).toMatchObject({ rows: 6_000, created: 6_000 });
  const [chunks] = await hub.clone.sql<{ count: string }>(
    'SELECT count(*) FROM bulk_operation_result WHERE owner_id = $1',
    [owner.id],
  );
  expect(Number(chunks!.count)).toBeGreaterThan(1);
});
