import type { Database, Sql } from '../database/database.js';
import type { SealedColumn } from '../sealed-column.js';
import type { Secret } from '../secret.js';

const batch = 500;

export interface SealedAnew {
  sealed: number;
  /** Those that open under none of the secrets: they stay as they are. */
  unopened: number;
}

/**
 * Seals every value of a column under the present secret that is not yet, a batch in a transaction of its own: what is done stays
 * done, and hubs go on beside it. Waits for rows that others change just now.
 */
export async function sealAnew(db: Database, secret: Secret, column: SealedColumn): Promise<SealedAnew> {
  const done: SealedAnew = { sealed: 0, unopened: 0 };
  for (let after: Row | null = null; ;) {
    const rows = await db.asSystem(async (sql) => {
      const found = await findOthers(sql, secret, column, after);
      const opened = found.flatMap((row) => resealed(secret, column, row));
      if (opened.length > 0) await store(sql, column, opened);
      done.sealed += opened.length;
      done.unopened += found.length - opened.length;
      return found;
    });
    if (rows.length < batch) return done;
    after = rows.at(-1)!;
  }
}

interface Row {
  /** Those of the key, and what else the place is made of. */
  columns: Record<string, string>;
  value: Buffer;
}

async function findOthers(sql: Sql, secret: Secret, column: SealedColumn, after: Row | null): Promise<Row[]> {
  const { table, key, also = [] } = column;
  const names = Object.keys(key);
  const { header } = secret.present;
  const shown = [...names, ...also].map((name) => `${name}::text AS ${name}`).join(', ');
  const behind = after
    ? `AND (${names.join(', ')}) > (${names.map((name, i) => `$${i + 3}::${key[name]}`).join(', ')})`
    : '';
  const rows = await sql.rows<Record<string, string> & { sealed_value: Buffer }>(
    `/* sealedUnderOthers */ SELECT ${shown}, ${column.column} AS sealed_value FROM ${table}
     WHERE ${column.column} IS NOT NULL AND substring(${column.column} FROM 1 FOR ${header.length}) <> $1 ${behind}
     ORDER BY ${names.map((name) => `${table}.${name}`).join(', ')} LIMIT $2 FOR UPDATE`,
    [header, batch, ...(after ? names.map((name) => after.columns[name]) : [])],
  );
  return rows.map(({ sealed_value: value, ...columns }) => ({ columns, value }));
}

function resealed(secret: Secret, { purpose, placeOf }: SealedColumn, { columns, value }: Row): Row[] {
  const place = placeOf(columns);
  try {
    return [{ columns, value: secret.seal(purpose, place, secret.open(purpose, place, value)) }];
  } catch {
    return []; // counted
  }
}

async function store(sql: Sql, { table, column, key }: SealedColumn, rows: Row[]): Promise<void> {
  const names = Object.keys(key);
  const arrays = names.map((name, i) => `$${i + 1}::${key[name]}[]`).join(', ');
  await sql.rows(
    `/* storeSealedAnew */ UPDATE ${table} t SET ${column} = n.value
     FROM unnest(${arrays}, $${names.length + 1}::bytea[]) AS n (${names.join(', ')}, value)
     WHERE ${names.map((name) => `t.${name} = n.${name}`).join(' AND ')}`,
    [...names.map((name) => rows.map(({ columns }) => columns[name])), rows.map(({ value }) => value)],
  );
}
