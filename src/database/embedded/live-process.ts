import { execFile } from 'node:child_process';
import { readlink, realpath } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Whether a process of this number exists, whoever it belongs to. A zombie counts as alive. */
export function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Whether process `pid` is a PostgreSQL server on `clusterDir`. The number alone proves nothing: after a crash, and always
 * after the restart of a container, it may belong to some other process.
 */
export async function isServerOf(clusterDir: string, pid: number): Promise<boolean> {
  if (!processLives(pid)) return false;
  if (process.platform === 'win32') return true;
  // A server changes into its cluster; a directory that may not be looked into belongs to a user who cannot run ours.
  if (process.platform === 'linux') {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    return cwd !== undefined && cwd === (await realpath(clusterDir));
  }
  const command = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => undefined);
  return command?.stdout.includes('postgres') ?? false;
}
