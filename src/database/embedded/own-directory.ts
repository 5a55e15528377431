import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import type { ServerUser } from './system-user.js';

/**
 * Makes `dir` a directory that only the server's account can enter, creating it when missing. Never follows a symbolic
 * link: root must not be talked into giving away a directory elsewhere.
 */
export async function ownDirectory(dir: string, user: ServerUser | undefined): Promise<void> {
  await mkdir(dir, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  if (process.platform === 'win32') return;
  const handle = await open(dir, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    if (user) await handle.chown(user.uid, user.gid);
    await handle.chmod(0o700);
  } finally {
    await handle.close();
  }
}
