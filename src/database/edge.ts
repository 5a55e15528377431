import type { Members } from '../graphql/sql-text/members.js';
import type { Sql } from './database.js';

/** What hangs on rows of another table, for any number of these at once: alone, or within a statement about them. */
export interface Edge<Row> {
  /** A SELECT; `parents`: what the id of the one it hangs on is, such as `= ANY (…)`. $1 is the owner. Gives the same rows as JSON. */
  sql: (parents: string) => string;
  /** The property that names the parent. */
  parent: keyof Row & string;
  /** Properties that are a Date, and as JSON a text. */
  dates: readonly string[];
  /** What GraphQL shows of a row. */
  members: Members;
}

/** What a statement that gathers several SELECTs as JSON gives. */
export type Gathered = Record<string, Record<string, unknown>[]>;

/**
 * Several SELECTs in one statement, each a list of the JSON answer under its name. In one step, where each by itself
 * would cost a round trip, and PostgreSQL one text where it would give rows and columns.
 */
export async function gather(
  sql: Pick<Sql, 'rows'>,
  statement: (lists: (selects: Record<string, string>) => string) => string,
  parameters: unknown[],
): Promise<Gathered> {
  const text = statement((selects) => {
    const lists = Object.entries(selects).map(
      ([name, select]) => `'${name}', (SELECT coalesce(json_agg(e), '[]') FROM (${select}) e)`,
    );
    return `json_build_object(${lists.join(', ')})::text`;
  });
  const [row] = await sql.rows<{ gathered: string }>(text, parameters);
  return JSON.parse(row!.gathered) as Gathered;
}

/** Makes Dates of the texts that JSON has for moments. */
export function revive<Row>(rows: Record<string, unknown>[], dates: readonly string[]): Row[] {
  for (const row of rows) for (const name of dates) if (typeof row[name] === 'string') row[name] = new Date(row[name]);
  return rows as Row[];
}
