import type { Config } from '../config.js';
import { StartupError } from '../errors.js';
import { createDataSource, type Connection } from './data-source.js';
import { Database } from './database.js';
import { startEmbedded, type EmbeddedServer } from './embedded/embedded-postgres.js';
import { runningEmbedded } from './embedded/running-server.js';
import { migrate } from './migrate.js';

export interface OpenDatabase {
  db: Database;
  connection: Connection;
  /** For a person: where the data are. */
  place: string;
  /** The migrations that were run just now. */
  migrated: string[];
  /** Resolves with one line when the embedded server ended by itself; never for others. */
  lost: Promise<string>;
  close: () => Promise<void>;
}

/**
 * The database of the configuration, migrated: DATABASE_URL, else the embedded server, started here. With `beside`, for
 * commands, the embedded server of a hub that runs already is used, not a second one started. With `sqlOnly` TypeORM is told
 * of no entities: loading their classes takes longer than everything else at the start of a relay.
 * @throws StartupError in one line
 */
export async function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'dataDir'>,
  options: { beside?: boolean; poolSize?: number; sqlOnly?: boolean } = {},
): Promise<OpenDatabase> {
  if (config.databaseUrl)
    return openConnection({ url: config.databaseUrl }, 'the database of DATABASE_URL', null, options);
  const running = options.beside ? await runningEmbedded(config.dataDir) : null;
  if (running) return openConnection(running, `${config.dataDir} (a hub runs on it)`, null, options);
  const server = await startEmbedded({ dataDir: config.dataDir });
  return openConnection(server.connection, `embedded PostgreSQL in ${server.dataDir}`, server, options);
}

/** The same on a connection that is known; `server` is closed with it. @throws StartupError in one line */
export async function openConnection(
  connection: Connection,
  place: string,
  server: EmbeddedServer | null,
  options: { poolSize?: number; sqlOnly?: boolean },
): Promise<OpenDatabase> {
  const entities = options.sqlOnly ? [] : (await import('./entities.js')).entities;
  const dataSource = createDataSource(connection, options.poolSize, entities);
  let stopping = false;
  const close = async () => {
    stopping = true;
    if (dataSource.isInitialized) await dataSource.destroy();
    await server?.stop();
  };
  try {
    await dataSource.initialize();
    const migrated = await migrate(dataSource);
    return { db: new Database(dataSource), connection, place, migrated, lost: lostOf(server, () => stopping), close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error instanceof StartupError ? error : new StartupError(`cannot use ${place}: ${reasonOf(error)}`);
  }
}

function lostOf(server: EmbeddedServer | null, wanted: () => boolean): Promise<string> {
  return new Promise((resolve) => {
    void server?.exited.then(() => {
      if (!wanted()) resolve(server.reason());
    });
  });
}

/** One line without what a connection string may hold, or what PostgreSQL tells of a value that a migration met. */
function reasonOf(error: unknown): string {
  const { message, code, errors } = error as { message?: string; code?: string; errors?: { message: string }[] };
  if (code && /^(22|23|P0)[0-9A-Z]{3}$/.test(code)) return `database error ${code}`;
  return (message || errors?.map((inner) => inner.message).join('; ') || code || 'unknown error').split('\n')[0]!;
}
