import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { furnishedOwner } from './furnished-owner.js';

let hub: TestHub;
let sql: pg.Client;
beforeAll(async () => {
  hub = await startTestHub();
  await furnishedOwner(hub, 'alpha');
  await furnishedOwner(hub, 'beta');
  sql = new pg.Client(hub.clone.connection);
  await sql.connect();
  await sql.query('ANALYZE');
});
afterAll(async () => {
  await sql.end();
  await hub.stop();
});

test('design C: without an owner no relation that requests may read has a row for them', async () => {
  const readable = await rows<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f') AND has_any_column_privilege('stamdata_app', oid, 'SELECT')`,
  );
  expect(readable.length).toBeGreaterThan(30);
  for (const { name } of readable)
    expect(await asApp(`SELECT count(*)::int AS n FROM ${name}`), name).toEqual([{ n: 0 }]);
});

test('design C: without an owner no error tells what stands in a row, of tables and of the views of lists', async () => {
  const columns = await rows<{ relation: string; name: string }>(
    `SELECT attrelid::regclass::text AS relation, attname AS name FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND attnum > 0 AND atttypid = 'text'::regtype
       AND has_column_privilege('stamdata_app', attrelid, attnum, 'SELECT')`,
  );
  expect(columns.filter(({ relation }) => relation.startsWith('listed_')).length).toBeGreaterThan(20);
  for (const { relation, name } of columns) {
    const failing = `SELECT FROM ${relation} WHERE ${name}::integer = 1`;
    expect(await asApp(failing), failing).toEqual([]);
  }
});

test('design C: no function works with more rights than who calls it, and those of the hub know only what they are given', async () => {
  expect(await rows(`SELECT proname FROM pg_proc WHERE prosecdef`)).toEqual([]);
  const own = await rows(
    `SELECT proname AS name, provolatile AS volatility FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
       AND has_function_privilege('stamdata_app', oid, 'EXECUTE')
       AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e') ORDER BY 1`,
  );
  expect(own).toEqual(
    ['piece_keys', 'search_fold', 'search_pieces', 'snapshot_day', 'snapshot_moment'].map((name) => ({
      name,
      volatility: 'i',
    })),
  );
});

test('design C: sequences say nothing: ids may be taken of customers alone, and none can be read or set', async () => {
  const sequences = await rows<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'S'`,
  );
  expect(sequences.length).toBeGreaterThan(10);
  for (const { name } of sequences) {
    const statements = [`SELECT last_value FROM ${name}`, `SELECT setval('${name}', 1)`];
    if (name !== 'customer_id_seq') statements.push(`SELECT nextval('${name}')`, `SELECT currval('${name}')`);
    for (const statement of statements) await expect(asApp(statement), statement).rejects.toThrow(/permission denied/);
  }
});

test("design C: PostgreSQL's own tables tell requests neither values of rows nor what others are asking", async () => {
  const statistics = `SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public' AND most_common_vals IS NOT NULL`;
  expect((await rows(statistics)).length, 'there are some').toBeGreaterThan(0);
  expect(await asApp(statistics)).toEqual([]);
  for (const view of ['pg_stats_ext', 'pg_stats_ext_exprs']) expect(await asApp(`SELECT FROM ${view}`)).toEqual([]);
  for (const table of ['pg_statistic', 'pg_statistic_ext_data', 'pg_authid'])
    await expect(asApp(`SELECT FROM ${table}`), table).rejects.toThrow(/permission denied/);
  const others = await asApp<{ query: string }>(
    `SELECT DISTINCT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  expect(others, 'the hub has connections').toEqual([{ query: '<insufficient privilege>' }]);
  const roles = await rows(
    `SELECT FROM pg_auth_members WHERE member IN ('stamdata_app'::regrole, 'stamdata_system'::regrole)`,
  );
  expect(roles).toEqual([]);
});

async function rows<Row extends object = Record<string, unknown>>(text: string): Promise<Row[]> {
  return (await sql.query<Row>(text)).rows;
}

/** As requests work, with no owner named. */
async function asApp<Row extends object>(text: string): Promise<Row[]> {
  await sql.query('BEGIN; SET LOCAL ROLE stamdata_app');
  try {
    return await rows<Row>(text);
  } finally {
    await sql.query('ROLLBACK');
  }
}
