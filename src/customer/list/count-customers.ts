import type { Sql } from '../../database/database.js';
import type { Listing } from './matches.js';
import { listedFrom, listedWhere } from './page-select.js';

/** Up to here customers are counted one by one; what is beyond is estimated. */
export const mostCounted = 10_000;

export interface Count {
  count: number;
  isEstimate: boolean;
}

/**
 * How many customers are listed, on all pages: exact up to `mostCounted`, else what PostgreSQL expects by its statistics, so
 * that a count never costs more the more there are. With several criteria that is a rough guess, never below what was counted.
 */
export async function countCustomers(sql: Pick<Sql, 'rows'>, ownerId: string, listing: Listing): Promise<Count> {
  const parameters: unknown[] = [ownerId];
  const where = listedWhere(listing(parameters));
  const select = `FROM ${listedFrom(where)} WHERE ${where}`;
  const [row] = await sql.rows<{ count: number }>(
    `/* countCustomers */ SELECT count(*)::int AS count FROM (SELECT ${select} LIMIT ${mostCounted + 1}) AS counted`,
    parameters,
  );
  if (row!.count <= mostCounted) return { count: row!.count, isEstimate: false };
  const [plan] = await sql.rows<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    `/* estimateCustomers */ EXPLAIN (FORMAT JSON) SELECT ${select}`,
    parameters,
  );
  const expected = plan!['QUERY PLAN'][0].Plan['Plan Rows'];
  return { count: Math.max(Math.round(expected), row!.count), isEstimate: true };
}
