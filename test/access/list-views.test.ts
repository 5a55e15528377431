import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { furnishedOwner, type FurnishedOwner } from './furnished-owner.js';

let hub: TestHub;
let a: FurnishedOwner;
let b: FurnishedOwner;
let sql: pg.Client;
let views: string[];
beforeAll(async () => {
  hub = await startTestHub();
  [a, b] = [await furnishedOwner(hub, 'alpha'), await furnishedOwner(hub, 'beta')];
  sql = new pg.Client(hub.clone.connection);
  await sql.connect();
  const { rows } = await sql.query<{ name: string }>(
    `SELECT viewname AS name FROM pg_views WHERE schemaname = 'public' ORDER BY 1`,
  );
  views = rows.map(({ name }) => name);
});
afterAll(async () => {
  await sql.end();
  await hub.stop();
});

test('design C: the views of lists are those that are tested here', () => {
  expect(views).toEqual(
    ['contact_info', 'customer', 'customer_search', 'customer_snapshot', 'customer_tag', 'external_reference'].map(
      (table) => `listed_${table}`,
    ),
  );
});

test('design C: who names no owner, or nonsense, sees nothing in the views of lists', async () => {
  for (const owner of [null, ''])
    await asApp(owner, async () => {
      for (const view of views) expect(await count(view), view).toBe(0);
    });
});

test('design C: a transaction of one owner sees in the views all that is its own, and nothing of another', async () => {
  for (const view of views) {
    const table = view.replace('listed_', '');
    const { rows } = await sql.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM ${table} WHERE owner_id = ${a.owner.id}`,
    );
    expect(rows[0]!.n, view).toBeGreaterThan(0);
    await asApp(a.owner.id, async () => {
      expect(await count(view), view).toBe(rows[0]!.n);
      expect(await count(view, `owner_id = ${b.owner.id}`), view).toBe(0);
    });
  }
});

test('design C: nothing can be written through the views, nor seen by a role that is no owner', async () => {
  for (const view of views) {
    for (const statement of [`DELETE FROM ${view}`, `UPDATE ${view} SET owner_id = owner_id`])
      await asApp(a.owner.id, async () => {
        await expect(sql.query(statement), statement).rejects.toThrow(/permission denied for view/);
      });
    await sql.query('BEGIN; CREATE ROLE stranger; SET LOCAL ROLE stranger');
    await expect(sql.query(`SELECT FROM ${view}`), view).rejects.toThrow(/permission denied/);
    await sql.query('ROLLBACK');
  }
});

async function count(view: string, condition = 'true'): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${view} WHERE ${condition}`);
  return rows[0]!.n;
}

async function asApp(ownerId: string | null, work: () => Promise<void>): Promise<void> {
  await sql.query('BEGIN; SET LOCAL ROLE stamdata_app');
  try {
    if (ownerId !== null) await sql.query(`SET LOCAL app.owner_id = '${ownerId}'`);
    await work();
  } finally {
    await sql.query('ROLLBACK');
  }
}
