import { Client, escapeIdentifier } from 'pg';
import type { Endpoint } from './endpoint.js';

/**
 * Makes sure that the database of `connection` exists. Throws what PostgreSQL says otherwise.
 *
 * Asks from the database `postgres`: a failed connection to a missing one would stand in the log as a failure.
 */
export async function createDatabase({ database, ...server }: Endpoint['connection']): Promise<void> {
  // ssl and options: the hub's PG… variables must not apply here.
  const client = new Client({ ...server, database: 'postgres', ssl: false, options: '' });
  client.on('error', () => undefined); // a server that dies meanwhile fails the query
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (!rowCount) await client.query(`CREATE DATABASE ${escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}
