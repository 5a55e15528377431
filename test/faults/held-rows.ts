import pg from 'pg';
import { eventually } from '../feed/events.js';
import type { AskSql } from './committed.js';

/** Rows that a session of the test's own has locked. */
export interface HeldRows {
  /** May be called twice. */
  release: () => Promise<void>;
}

/** Opens a transaction, runs a statement that locks, and keeps the locks until they are released. */
export async function holdRows(
  connection: pg.ClientConfig,
  statement: string,
  parameters: unknown[] = [],
): Promise<HeldRows> {
  const client = new pg.Client(connection);
  await client.connect();
  await client.query('BEGIN');
  await client.query(statement, parameters);
  let released: Promise<void> | null = null;
  const end = async () => {
    await client.query('COMMIT');
    await client.end();
  };
  return { release: () => (released ??= end()) };
}

/** The application names of the sessions that wait for a lock in the statement of a name. */
export async function waitingIn(sql: AskSql, statement: string): Promise<string[]> {
  const sessions = await sql<{ name: string }>(
    `SELECT application_name AS name FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%/* ' || $1 || ' */%'`,
    [statement],
  );
  return sessions.map(({ name }) => name);
}

/** Waits until a session waits for a lock in the statement of a name; gives its application name. */
export async function blockedIn(sql: AskSql, statement: string): Promise<string> {
  let name: string | undefined;
  await eventually(
    async () => ([name] = await waitingIn(sql, statement)).length > 0,
    `a session waits in ${statement}`,
  );
  return name!;
}
