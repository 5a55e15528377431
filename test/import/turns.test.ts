import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blockedIn, holdRows } from '../faults/held-rows.js';
import { startTestHub, type TestHub } from '../hub.js';
import { codesOf, customers, importFile, ndjson, operations } from './import-request.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const rows = 6_000;
const taken = `INSERT INTO customer (owner_id, code, code_key, type, name) VALUES ($1, $2, lower($2), 'PERSON', 'Other')`;

test('issue 6.1: a chunk that is written beside the one before waits for it; where that one is rolled back and tried again, so is this one', async () => {
  const owner = await hub.owner();
  const holder = await holdRows(hub.clone.connection, taken, [owner.id, 'C-7']); // of the first chunk
  const importing = importFile(hub, owner, ndjson(customers(1, rows)));
  await blockedIn(hub.clone.sql, 'awaitTurn');
  expect(await codesOf(hub, owner)).toEqual([]);
  expect((await operations(owner))[0]).toMatchObject({ state: 'RUNNING', rows: 0 });
  await holder.release();
  const { last, problems } = await importing;
  expect(problems).toMatchObject([{ line: 7, code: 'C-7' }]);
  expect(last.counts).toMatchObject({ rows, created: rows - 1, rejected: 1 });
  const results = await hub.clone.sql<{ first: number; lines: number }>(
    `SELECT first_row AS first, array_length(string_to_array(lines, E'\\n'), 1) - 1 AS lines FROM bulk_operation_result
     WHERE owner_id = $1 ORDER BY first_row`,
    [owner.id],
  );
  let next = 1;
  for (const { first, lines } of results) {
    expect(first).toBe(next);
    next += lines;
  }
  expect(next).toBe(rows + 1);
});

test('issue 6.1: a session that two chunks wait for in a circle ends no import, and doubles and loses no row', async () => {
  const owner = await hub.owner();
  const other = new pg.Client(hub.clone.connection);
  await other.connect();
  await other.query('BEGIN');
  await other.query(taken, [owner.id, 'C-7']);
  const importing = importFile(hub, owner, ndjson(customers(1, rows)));
  await blockedIn(hub.clone.sql, 'awaitTurn');
  // it waits for the second chunk, which waits for the first one, which waits for it: PostgreSQL ends one of the three
  const won = await other.query(taken, [owner.id, 'C-2600']).then(
    () => true,
    () => false,
  );
  await other.query(won ? 'COMMIT' : 'ROLLBACK');
  await other.end();
  const { last } = await importing;
  expect(last.counts).toMatchObject({ rows, created: won ? rows - 2 : rows, rejected: won ? 2 : 0 });
  const codes = await codesOf(hub, owner);
  expect([codes.length, new Set(codes).size]).toEqual([rows, rows]);
});

test('A17: a row that doubles one of a chunk before is told as in one call, also while that one is being written', async () => {
  const owner = await hub.owner();
  const file = [...customers(1, 2_500), ...customers(2_400, 2_410), ...customers(2_501, 4_000)];
  const { last, problems } = await importFile(hub, owner, ndjson(file));
  expect(last.counts).toMatchObject({ rows: 4_011, created: 4_000, rejected: 11 });
  expect(problems.map(({ line }) => line)).toEqual(Array.from({ length: 11 }, (_, i) => 2_501 + i));
  const further = await hub.owner(); // two chunks before
  const long = [...customers(1, 5_000), ...customers(1, 5), ...customers(5_001, 6_000)];
  const second = await importFile(hub, further, ndjson(long));
  expect(second.last.counts).toMatchObject({ rows: 6_005, created: 6_000, rejected: 5 });
  expect(second.problems.map(({ line }) => line)).toEqual([5_001, 5_002, 5_003, 5_004, 5_005]);
});
