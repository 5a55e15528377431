import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { readOwned } from '../../src/database/owned-read.js';
import { parameterText } from '../../src/database/parameter-text.js';
import { createOwner } from '../../src/owner/owners.js';
import { cloneDatabase, type Clone } from '../database-clone.js';

let clone: Clone;
let db: Database;
let client: pg.Client;
beforeAll(async () => {
  clone = await cloneDatabase();
  db = new Database(await createDataSource(clone.connection, 1).initialize()); // one connection, so each test meets the same
  client = new pg.Client({ ...clone.connection, pipeline: true });
  await client.connect();
  for (const code of ['ONE', 'TWO']) await db.asSystem((sql) => createOwner(sql, { code }));
  await clone.sql("INSERT INTO tag (owner_id, name, name_key) VALUES (1, 'of one', 'of one'), (2, 'of two', 'of two')");
});
afterAll(async () => {
  await client.end();
  await db.dataSource.destroy();
  await clone.drop();
});

describe('a value in a call is what it is as a parameter', () => {
  const texts = [
    '',
    'plain',
    "O'Hara''",
    'back\\slash\\',
    '"quoted"',
    '$1 $$ :x ?',
    'NULL',
    '{a,b}',
    'tab\t\r\n',
    "\\'; DROP TABLE tag; --",
    '漢字 🌲\u2028',
  ];
  test.each<[string, unknown]>([
    ...texts.map((text): [string, unknown] => ['text', text]),
    ['text', null],
    ['text', undefined],
    ['bigint', '9223372036854775807'],
    ['numeric', -1.5],
    ['boolean', false],
    ['timestamptz', new Date('2026-05-17T12:34:56.789Z')],
    ['text[]', texts],
    ['text[]', []],
    ['text[]', [null, 'NULL', 'null', '']],
    ['timestamptz[]', [new Date(0), new Date(1)]],
    ['int[]', [1, -2]],
  ])('%s %j', async (type, value) => {
    const text = `SELECT $1::${type} AS value`;
    const [parameter] = (await client.query<{ value: unknown }>(text, [value])).rows;
    const [called] = await readOwned<{ value: unknown }>(client, '1', text, [value]);
    expect(called).toEqual(parameter);
  });

  test('what PostgreSQL cannot hold, or what is no plain value, is refused', () => {
    expect(() => parameterText('a\0b')).toThrow('a text with U+0000, which PostgreSQL cannot hold');
    expect(() => parameterText(['a\0b'])).toThrow(TypeError);
    expect(() => parameterText({ a: 1 })).toThrow('no value for a statement: object');
    expect(() => parameterText([[1]])).toThrow(TypeError);
  });
});

test('a statement is prepared once for a connection, and the ones used last are kept', async () => {
  const numbered = (n: number) => `SELECT ${n} + $1::int AS sum`;
  const sum = async (n: number) => (await readOwned<{ sum: number }>(client, '1', numbered(n), [1]))[0]!.sum;
  const kept = async () =>
    (
      await client.query<{ statement: string }>(`SELECT statement FROM pg_prepared_statements WHERE name ~ '^reads_'`)
    ).rows.map(({ statement }) => statement);
  for (let n = 0; n < 100; n++) {
    expect(await sum(n)).toBe(n + 1);
    expect(await sum(0)).toBe(1);
  }
  const statements = await kept();
  expect(statements).toHaveLength(32);
  expect(statements.filter((text) => text.endsWith(numbered(0)))).toHaveLength(1);
  expect(statements.some((text) => text.endsWith(numbered(1)))).toBe(false);
  expect(await sum(1)).toBe(2);
});

const names = 'SELECT name FROM tag ORDER BY id';

test('a read sees the rows of its owner alone, and leaves the connection to nobody', async () => {
  expect(await db.readAsOwner('1', names, [])).toEqual([{ name: 'of one' }]);
  expect(await db.readAsOwner('2', names, [])).toEqual([{ name: 'of two' }]);
  const [left] = await db.dataSource.query<{ role: string; owner: string; readOnly: string }[]>(
    `SELECT current_user::text = session_user::text AS role, coalesce(current_setting('app.owner_id', true), '') AS owner,
       current_setting('transaction_read_only') AS "readOnly"`,
  );
  expect(left).toEqual({ role: true, owner: '', readOnly: 'off' });
});

test('reads of several owners that follow each other without waits see each their own, also behind one that fails', async () => {
  const read = (ownerId: string) => readOwned(client, ownerId, names, []);
  const bySession = async () =>
    (await client.query<object>('SELECT current_user = session_user AS role, count(*)::int AS names FROM tag')).rows;
  const ended = await Promise.allSettled([
    read('1'),
    read('2'),
    readOwned(client, '1', 'SELECT 1 / $1::int AS half', [0]),
    bySession(),
    read('3'),
    read('2'),
    bySession(),
  ]);
  const all = { role: true, names: 2 };
  expect(ended.map((one) => ('value' in one ? one.value : null))).toEqual([
    [{ name: 'of one' }],
    [{ name: 'of two' }],
    null,
    [all],
    [],
    [{ name: 'of two' }],
    [all],
  ]);
  const { rows } = await client.query(
    `SELECT current_setting('app.owner_id', true) AS owner, current_setting('transaction_read_only') AS "readOnly"`,
  );
  expect(rows).toEqual([{ owner: '', readOnly: 'off' }]);
});

test('a read on a connection that breaks fails', async () => {
  const broken = new pg.Client({ ...clone.connection, pipeline: true });
  broken.on('error', () => undefined); // its queries tell
  await broken.connect();
  const { rows } = await broken.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const sleeping = expect(readOwned(broken, '1', 'SELECT pg_sleep($1::int)::text', [60])).rejects.toThrow();
  await client.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
  await sleeping;
  await expect(readOwned(broken, '1', names, [])).rejects.toThrow();
});

test('a read cannot write', async () => {
  const write =
    "WITH made AS (INSERT INTO tag (owner_id, name, name_key) VALUES (1, 'x', 'x') RETURNING id) SELECT id FROM made";
  await expect(db.readAsOwner('1', write, [])).rejects.toThrow('read-only transaction');
  expect(await db.readAsOwner('1', names, [])).toEqual([{ name: 'of one' }]);
});

test('plans that were discarded are made anew; a connection that has forgotten its statements fails once', async () => {
  await db.readAsOwner('1', names, []);
  await db.dataSource.query('DISCARD PLANS');
  expect(await db.readAsOwner('1', names, [])).toEqual([{ name: 'of one' }]);
  await db.dataSource.query('DEALLOCATE ALL');
  await expect(db.readAsOwner('1', names, [])).rejects.toThrow('does not exist');
  expect(await db.readAsOwner('1', names, [])).toEqual([{ name: 'of one' }]);
});

test('a statement that fails is not prepared again', async () => {
  const half = 'SELECT 1 / $1::int AS half';
  for (let i = 0; i < 5; i++) await expect(db.readAsOwner('1', half, [0])).rejects.toThrow('division by zero');
  const prepared = await db.dataSource.query<object[]>('SELECT FROM pg_prepared_statements WHERE statement LIKE $1', [
    `%${half}`,
  ]);
  expect(prepared).toHaveLength(1);
});

test('within a transaction, statements side by side have their answers, and one that fails takes along those after it', async () => {
  const { sql, end } = await db.openAsOwner('2', 'REPEATABLE READ, READ ONLY');
  const answers = await Promise.all([
    sql.prepared(names, []),
    sql.rows(names),
    sql.prepared('SELECT $1::int AS n', [7]),
  ]);
  expect(answers).toEqual([[{ name: 'of two' }], [{ name: 'of two' }], [{ n: 7 }]]);
  const failed = await Promise.allSettled([sql.prepared('SELECT 1 / $1::int', [0]), sql.rows(names)]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await end();
  expect(await db.readAsOwner('2', names, [])).toEqual([{ name: 'of two' }]);
});
