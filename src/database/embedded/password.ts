import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The file with the superuser's password, made at the first call. Undefined where the server listens on a socket in a
 * directory of its own, which needs none: everywhere but on Windows (untested), where the server listens on loopback TCP.
 */
export async function passwordFile(base: string): Promise<string | undefined> {
  if (process.platform !== 'win32') return undefined;
  const file = join(base, 'database-password');
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, password, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return file;
}

/** The superuser's password; undefined where none is needed. */
export async function password(base: string): Promise<string | undefined> {
  const file = await passwordFile(base);
  return file === undefined ? undefined : (await readFile(file, 'utf8')).trim();
}
