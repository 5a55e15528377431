import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../../errors.js';
import type { ServerUser } from './system-user.js';

/** The files of one PostgreSQL server: a directory `pg<major version>`. */
export interface Cluster {
  dir: string;
  major: number;
  owner: ServerUser;
}

export const clusterName = (major: number): string => `pg${major}`;

/** The cluster below `base`, the one of the newest version when there are several; an empty directory is none. */
export async function findCluster(base: string): Promise<Cluster | undefined> {
  const names = await readdir(base).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const majors = names.flatMap((name) => /^pg(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  for (const major of majors.sort((a, b) => b - a)) {
    const dir = join(base, clusterName(major));
    const { uid, gid } = await stat(dir);
    if (!(await isEmpty(dir))) return { dir, major, owner: { uid: uid | 0, gid: gid | 0 } };
  }
  return undefined;
}

/**
 * Looks at what PostgreSQL itself would report unclearly. Throws a StartupError when the cluster belongs to an account the
 * server does not run as, or when it is not a whole cluster of the version its name says.
 */
export async function checkCluster({ dir, major, owner }: Cluster, user: ServerUser | undefined): Promise<void> {
  const uid = user?.uid ?? process.geteuid?.();
  if (uid !== undefined && owner.uid !== (uid | 0)) {
    throw new StartupError(
      `The database directory ${dir} belongs to user id ${owner.uid}, but the server would run as ${uid}: start the hub as its ` +
        `owner, or give the directory away with chown -R.`,
    );
  }
  const version = await readFile(join(dir, 'PG_VERSION'), 'utf8').catch(missing(dir, 'PG_VERSION'));
  if (version.trim() !== String(major)) {
    throw damaged(dir, `PG_VERSION says ${JSON.stringify(version.trim().slice(0, 20))} instead of ${major}`);
  }
  await stat(join(dir, 'global', 'pg_control')).catch(missing(dir, 'global/pg_control'));
}

const missing = (dir: string, file: string) => (error: NodeJS.ErrnoException) => {
  throw error.code === 'ENOENT' ? damaged(dir, `${file} is missing`) : error;
};

/** The database files cannot be used as they are. */
export const damaged = (dir: string, how: string): StartupError =>
  new StartupError(
    `The database directory ${dir} is damaged: ${how}. Restore it from a backup, or move it away to begin with an empty database.`,
  );

async function isEmpty(dir: string): Promise<boolean> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    // Not ours to read, so there is something: checkCluster tells whose it is.
    if (error.code === 'EACCES') return ['?'];
    throw error;
  });
  return names.length === 0;
}
