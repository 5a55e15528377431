import type { DataSource } from 'typeorm';
import { StartupError } from '../errors.js';

const oldestMajor = 15;
const migrationLock = 7_301_944_112; // any number that nothing else in the database locks

/**
 * Brings the schema up to date. n processes may call it at once: one works, the others wait for it.
 * Gives the names of the migrations that were run.
 * @throws StartupError when the server is too old.
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    const [server] = (await runner.query(`SELECT current_setting('server_version_num')::int AS version`)) as [
      { version: number },
    ];
    if (server.version < oldestMajor * 10_000)
      throw new StartupError(
        `PostgreSQL ${oldestMajor} or newer is needed, this server is ${Math.floor(server.version / 10_000)}`,
      );
    await runner.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    const ran = await dataSource.runMigrations({ transaction: 'all' });
    return ran.map((migration) => migration.name);
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
    await runner.release();
  }
}
