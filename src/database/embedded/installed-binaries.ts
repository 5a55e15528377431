import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries, BinarySource } from './binaries.js';
import { probe } from './probe.js';

const oldestMajor = 15;

/**
 * A PostgreSQL that is installed on the machine: what `pg_config` names, and the directories of the usual packages, which
 * Debian and Red Hat put on no PATH. The newest version comes first.
 */
export const installedBinaries: BinarySource = async ({ user }) => {
  const dirs = new Set([
    ...(await configured()),
    ...(await versionsBelow('/usr/lib/postgresql', /^\d+$/)),
    ...(await versionsBelow('/usr', /^pgsql-\d+$/)),
    ...(await versionsBelow('/opt/homebrew/opt', /^postgresql@\d+$/)),
  ]);
  const found: Binaries[] = [];
  for (const dir of dirs) {
    const binaries = await probe(dir, user);
    if (typeof binaries === 'object' && binaries.major >= oldestMajor) found.push(binaries);
  }
  if (found.length === 0) return { found, problem: `no installed PostgreSQL ${oldestMajor} or newer was found` };
  return { found: found.sort((a, b) => b.major - a.major) };
};

async function configured(): Promise<string[]> {
  const answer = await promisify(execFile)('pg_config', ['--bindir']).catch(() => undefined);
  return answer ? [answer.stdout.trim()] : [];
}

async function versionsBelow(parent: string, pattern: RegExp): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  return names.filter((name) => pattern.test(name)).map((name) => join(parent, name, 'bin'));
}
