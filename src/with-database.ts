import type { Sql } from './database/database.js';
import type { OpenDatabase } from './database/open-database.js';

/** Runs a command directly on the database of the environment, beside a hub that runs on it. @throws StartupError in one line */
export async function withDatabase(work: (database: OpenDatabase) => Promise<void>): Promise<void> {
  const { readConfig } = await import('./config.js');
  const { openDatabase } = await import('./database/open-database.js');
  const database = await openDatabase(readConfig(), { beside: true, poolSize: 2, sqlOnly: true });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

/** The same in one transaction across owners. */
export function asSystem(work: (sql: Sql) => Promise<void>): Promise<void> {
  return withDatabase(({ db }) => db.asSystem(work));
}
