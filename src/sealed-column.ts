import type { Sql } from './database/database.js';
import { keyIdSql } from './sealing-key.js';

/** A column of values that the hub's secret seals, as those see it who care for all of them: see `stamdata secret`. */
export interface SealedColumn {
  /** For people, in the plural. */
  what: string;
  table: string;
  column: string;
  /** The primary key, in its order, with the types of its columns. */
  key: Record<string, 'bigint' | 'integer' | 'text'>;
  purpose: string;
  /** The place that a row's value is bound to, of the columns of the key and `also`, as text. */
  placeOf: (row: Record<string, string>) => string;
  also?: string[];
}

/** How many values are sealed under each key, by its id; under null those of older versions, which name none. */
export async function countByKey(sql: Sql, { table, column }: SealedColumn): Promise<Map<string | null, number>> {
  const counted = await sql.rows<{ id: string | null; count: number }>(
    `/* countSealed */ SELECT ${keyIdSql(column)} AS id, count(*)::int AS count
     FROM ${table} WHERE ${column} IS NOT NULL GROUP BY 1`,
  );
  return new Map(counted.map(({ id, count }) => [id, count]));
}
