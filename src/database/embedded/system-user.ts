import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { StartupError } from '../../errors.js';

/** The account the server runs as when that is not the account of the hub. */
export interface ServerUser {
  uid: number;
  gid: number;
}

const accounts = ['postgres', '_postgres', 'nobody'];

export const runsAsRoot = (): boolean => process.geteuid?.() === 0;

/**
 * The account to run the server as; undefined means: as the hub itself. PostgreSQL refuses to run as root, so root's hub
 * hands it to the owner of the cluster, else to `postgres`, else to `nobody`. No account is ever created.
 *
 * Throws a StartupError when root finds none of these.
 */
export async function serverUser(clusterOwner: ServerUser | undefined): Promise<ServerUser | undefined> {
  if (!runsAsRoot()) return undefined;
  if (clusterOwner && clusterOwner.uid !== 0) return clusterOwner;
  for (const name of accounts) {
    const user = await lookUp(name);
    if (user && user.uid !== 0) return user;
  }
  throw new StartupError(
    'Running as root, and PostgreSQL refuses that: create an account named postgres, start the hub as an ordinary user, ' +
      'or set DATABASE_URL.',
  );
}

/**
 * Throws a StartupError when the hub's own user id has no account: initdb looks its name up and gives in without one.
 * A cluster that exists already runs nevertheless.
 */
export function requireAccount(): void {
  try {
    userInfo();
  } catch {
    throw new StartupError(
      `User id ${process.geteuid?.()} has no account on this machine (no passwd entry), and PostgreSQL cannot create a ` +
        'database without one: start the hub as an existing user, or set DATABASE_URL.',
    );
  }
}

/** Whether `user` can enter directory `dir`. Asked of the system itself, which knows ACLs and mounts better than mode bits do. */
export async function canEnter(user: ServerUser | undefined, dir: string): Promise<boolean> {
  return promisify(execFile)('/bin/sh', ['-c', 'cd -- "$0"', dir], { ...user, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** Through `id`, which asks the directory services too; /etc/passwd is not the whole truth. */
async function lookUp(name: string): Promise<ServerUser | undefined> {
  const number = async (flag: string) => Number((await promisify(execFile)('id', [flag, name])).stdout) | 0;
  try {
    return { uid: await number('-u'), gid: await number('-g') };
  } catch {
    return undefined;
  }
}
