import { superuser } from './create-cluster.js';
import type { EmbeddedServer } from './embedded-postgres.js';
import { choosePlace } from './place.js';
import { readPostmasterFile } from './postmaster-file.js';
import { answers } from './previous-server.js';

/**
 * Where the embedded server of a hub that runs on `dataDir` right now can be reached, for a command beside it; null
 * when none runs, or on Windows (untested), where its password is the hub's own.
 */
export async function runningEmbedded(dataDir: string): Promise<EmbeddedServer['connection'] | null> {
  const { cluster } = await choosePlace(dataDir);
  const file = cluster && (await readPostmasterFile(cluster.dir));
  if (!file?.socketDir || file.status !== 'ready' || !(await answers(file))) return null;
  return { host: file.socketDir, port: file.port, user: superuser, database: 'stamdata' };
}
