import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { Connection } from '../src/database/data-source.js';

export interface Clone {
  connection: Exclude<Connection, { url: string }>;
  /** The same as a DATABASE_URL, for a process that a test starts. */
  url: string;
  /** Raw SQL as the superuser: for looking behind the hub, never for what the hub should do itself. */
  sql: <Row extends object>(text: string, parameters?: unknown[]) => Promise<Row[]>;
  drop: () => Promise<void>;
}

/** A migrated database of its own for a test file. */
export async function cloneDatabase(): Promise<Clone> {
  const postgres = inject('postgres');
  const database = `t_${randomBytes(6).toString('hex')}`;
  await withClient(postgres, (client) =>
    client.query(`CREATE DATABASE ${database} TEMPLATE template_hub STRATEGY file_copy`),
  );
  const connection = { ...postgres, database };
  const pool = new pg.Pool({ ...connection, max: 4 });
  pool.on('error', () => undefined); // `drop` may overtake a connection that is still closing
  const sql = async <Row extends object>(text: string, parameters?: unknown[]) =>
    (await pool.query<Row>(text, parameters)).rows;
  const drop = async () => {
    await pool.end();
    await withClient(postgres, (client) => client.query(`DROP DATABASE ${database} WITH (FORCE)`));
  };
  const url = `postgresql://${postgres.user}@localhost:${postgres.port}/${database}?host=${encodeURIComponent(postgres.host)}`;
  return { connection, url, sql, drop };
}

async function withClient<T>(connection: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
