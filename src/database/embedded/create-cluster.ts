import { join } from 'node:path';
import { StartupError } from '../../errors.js';
import type { Binaries } from './binaries.js';
import { serverEnvironment } from './environment.js';
import { serverFailure } from './failure.js';
import { clusterName, findCluster, type Cluster } from './find-cluster.js';
import { startGuarded } from './guarded-process.js';
import { ownDirectory } from './own-directory.js';
import { passwordFile } from './password.js';
import type { Place } from './place.js';
import { requireAccount } from './system-user.js';
import { createWhole } from './whole-directory.js';

/** The only role the hub's own server has. */
export const superuser = 'stamdata';

/**
 * Creates the cluster of `place`, whole or not at all. When another start was faster, gives that one's cluster.
 * `throwaway` leaves out the fsync at the end.
 *
 * Throws a StartupError when the disk is full, a path may not be written, or the hub's user id has no account.
 */
export async function createCluster(place: Place, binaries: Binaries, throwaway: boolean): Promise<Cluster> {
  if (!place.user) requireAccount();
  const final = join(place.base, clusterName(binaries.major));
  const password = await passwordFile(place.base);
  await createWhole(final, async (dir) => {
    await ownDirectory(dir, place.user);
    await initialise(dir, place, binaries, [
      ...(password ? ['--auth=scram-sha-256', `--pwfile=${password}`] : ['--auth-local=trust', '--auth-host=reject']),
      ...(throwaway ? ['--no-sync'] : []),
    ]);
  });
  const cluster = await findCluster(place.base);
  if (!cluster) throw new StartupError(`The new database directory ${final} has disappeared: start again.`);
  return cluster;
}

async function initialise(dir: string, place: Place, binaries: Binaries, options: string[]): Promise<void> {
  const lines: string[] = [];
  const initdb = startGuarded(
    [
      join(binaries.dir, 'initdb'),
      `--pgdata=${dir}`,
      `--username=${superuser}`,
      '--encoding=UTF8',
      ...localeOf(binaries),
      '--data-checksums',
      '--no-instructions',
      ...options,
    ],
    { cwd: place.base, env: serverEnvironment(), user: place.user, onLine: (line) => lines.push(line) },
  );
  if ((await initdb.ended) !== 0) throw serverFailure(lines, { dir: place.base, dataDir: place.dataDir });
}

/**
 * Order and case of text by code points, the same on every platform and in every version; what is ordered for people names
 * an ICU collation in its query. The provider that does it came with 17; before, the C library's locale comes closest.
 */
const localeOf = ({ major }: Binaries): string[] =>
  major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'] : ['--locale=C.UTF-8'];
