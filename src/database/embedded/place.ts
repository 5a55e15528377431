import { createHash } from 'node:crypto';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StartupError } from '../../errors.js';
import { findCluster, type Cluster } from './find-cluster.js';
import { canEnter, runsAsRoot, serverUser, type ServerUser } from './system-user.js';

/** Where the database of one data directory lives and who runs it. */
export interface Place {
  /** The data directory, absolute and without symbolic links. */
  dataDir: string;
  /** The directory that holds cluster, sockets and copied binaries: the data directory, or its stand-in. */
  base: string;
  /** The server's account; undefined: that of the hub. */
  user: ServerUser | undefined;
  /** The cluster of an earlier start. */
  cluster: Cluster | undefined;
}

/**
 * Finds, or decides at the first start, the place of the database. It is the data directory itself, unless root's server
 * account cannot enter that (a project below /root): then a directory below /var/lib named after the data directory. A
 * cluster that exists decides, so that a later chmod never makes the data seem lost.
 *
 * Throws a StartupError when root has no account to run the server as, or when that cannot reach its existing cluster.
 */
export async function choosePlace(dataDir: string): Promise<Place> {
  const asked = resolve(dataDir);
  // Root's server account has to pass through; what is secret inside has its own mode.
  await mkdir(asked, { recursive: true, mode: runsAsRoot() ? 0o711 : 0o700 });
  const real = await realpath(asked);
  const standIn = standInOf(real);

  const inside = await findCluster(real);
  const cluster = inside ?? (await findCluster(standIn));
  const user = await serverUser(cluster?.owner);
  if (cluster && !inside) return { dataDir: real, base: standIn, user, cluster };
  if (!user || (await canEnter(user, real))) return { dataDir: real, base: real, user, cluster };
  if (cluster) {
    throw new StartupError(
      `User id ${user.uid}, which the database server runs as, cannot reach ${cluster.dir}: allow it to pass through the ` +
        'directories above (chmod o+x).',
    );
  }

  await mkdir(standIn, { recursive: true, mode: 0o711 });
  await writeFile(join(real, 'database-location.txt'), `${standIn}\n`);
  return { dataDir: real, base: standIn, user, cluster: undefined };
}

/** Outside every home directory, and the same for every start on the same data directory. */
function standInOf(dataDir: string): string {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return `/var/lib/stamdata-${name}`;
}
