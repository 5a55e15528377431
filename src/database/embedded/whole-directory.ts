import { mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { processLives } from './live-process.js';

/** Directories this process is filling right now. */
const filling = new Set<string>();

/**
 * Creates directory `final` with all its content or not at all: `fill` gets an empty sibling, which is renamed when it is
 * complete. Leftovers of processes that were killed in the middle are removed first. When somebody else was faster,
 * theirs stays and ours is thrown away.
 */
export async function createWhole(final: string, fill: (dir: string) => Promise<void>): Promise<void> {
  await removeLeftovers(final);
  const dir = await mkdtemp(`${final}.new-${process.pid}-`);
  filling.add(dir);
  try {
    await fill(dir);
    await rename(dir, final).catch((error: NodeJS.ErrnoException) => {
      const taken = ['ENOTEMPTY', 'EEXIST', ...(process.platform === 'win32' ? ['EPERM'] : [])];
      if (!taken.includes(error.code ?? '')) throw error;
    });
    await syncDirectory(dirname(final));
  } finally {
    filling.delete(dir);
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function removeLeftovers(final: string): Promise<void> {
  const prefix = `${basename(final)}.new-`;
  for (const name of await readdir(dirname(final))) {
    if (!name.startsWith(prefix)) continue;
    const dir = join(dirname(final), name);
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    // Our own number on a directory we are not filling: a container gives every run the same numbers.
    const abandoned = pid === process.pid ? !filling.has(dir) : !processLives(pid);
    if (abandoned) await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Makes a rename survive a power cut. */
async function syncDirectory(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
