import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.js';
import { serverEnvironment } from './environment.js';
import type { ServerUser } from './system-user.js';

/**
 * Runs `postgres --version` from `dir` as the server's account. That proves at once that the account can reach it, that
 * its libraries are there, and which version it is. Gives the binaries, or one line about what went wrong.
 */
export async function probe(dir: string, user: ServerUser | undefined): Promise<Binaries | string> {
  try {
    const options = { ...user, cwd: '/', env: serverEnvironment(), timeout: 10_000 };
    const { stdout } = await promisify(execFile)(join(dir, 'postgres'), ['--version'], options);
    const major = /PostgreSQL\) (\d+)/.exec(stdout)?.[1];
    return major ? { dir, major: Number(major) } : `${dir} holds no PostgreSQL`;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    const told = stderr?.trim().split('\n').at(-1);
    return `${join(dir, 'postgres')} does not run (${told || String(code)})`;
  }
}
