import type { Sql } from './database.js';

/**
 * To be called before a write of so many rows. A connection keeps the plans by which PostgreSQL checks foreign keys: one that
 * was made while the hub had a handful of customers reads all of them for each row that follows, until the table is analyzed.
 * 10,000 rows took 96 s so, and 3 s with plans made while they are written.
 */
export async function forgetPlans(sql: Pick<Sql, 'rows'>, rows: number): Promise<void> {
  if (rows >= manyRows) await sql.rows('/* forgetPlans */ DISCARD PLANS');
}

const manyRows = 500;
