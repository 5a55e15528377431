import pg from 'pg';
import type { BenchHub, BenchOwner } from './bench-hub.js';
import { copyIn, copyOut } from './copy.js';
import { timed } from './figure.js';

/** What an inserted customer leaves behind, in the order of the references; the feed has by now what was in the outbox. */
const tables = [
  'customer',
  'tag',
  'external_reference',
  'customer_tag',
  'customer_snapshot',
  'customer_search',
  'outbox',
];

/**
 * The limit of every bulk insert: milliseconds that COPY takes for the very rows that the hub has written for an owner, into
 * the same tables with the same indexes and constraints, for another owner, in one transaction. The text is made before,
 * and COPY works as a superuser: row-level security does not allow it at all.
 */
export async function copiedRows(bench: BenchHub, from: BenchOwner): Promise<number> {
  await relayed(bench, from);
  const to = await bench.owner();
  const client = await connect(bench);
  try {
    const texts: [table: string, rows: Buffer[]][] = [];
    for (const table of tables) {
      const columns = await columnsOf(client, table);
      texts.push([`${table} (${columns.join(', ')})`, await copyOut(client, selectFor(table, columns, from, to))]);
    }
    return await timed(async () => {
      await client.query('BEGIN');
      for (const [table, rows] of texts) await copyIn(client, table, rows);
      await client.query('COMMIT');
    });
  } finally {
    await client.end();
    await relayed(bench, to);
  }
}

/** Waits until the relay has moved all events of an owner, so that it takes no time of the next measurement. */
export async function relayed(bench: BenchHub, owner: BenchOwner): Promise<void> {
  const left = () =>
    bench.hub.db.asSystem((sql) => sql.rows('SELECT FROM outbox WHERE owner_id = $1 LIMIT 1', [owner.id]));
  while ((await left()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function connect(bench: BenchHub): Promise<pg.Client> {
  const { connection } = bench.database;
  const client = new pg.Client('url' in connection ? { connectionString: connection.url } : connection);
  await client.connect();
  return client;
}

/** All columns but the place in the outbox, which it gives itself. */
async function columnsOf(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [table],
  );
  return rows.map(({ name }) => name).filter((name) => table !== 'outbox' || name !== 'id');
}

/** Ids are unique within an owner only, so all of them stay; but systems come with the owner. */
function selectFor(table: string, columns: string[], from: BenchOwner, to: BenchOwner): string {
  const values = columns.map((column) => {
    if (column === 'owner_id') return `${to.id}::bigint`;
    if (column !== 'system_id') return column;
    return `(SELECT n.id FROM external_system o JOIN external_system n ON n.code = o.code
      WHERE o.owner_id = ${from.id} AND o.id = system_id AND n.owner_id = ${to.id})`;
  });
  return `SELECT ${values.join(', ')} FROM ${table === 'outbox' ? 'feed' : table} WHERE owner_id = ${from.id}`;
}
