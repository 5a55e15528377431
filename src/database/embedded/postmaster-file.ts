import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What a server tells about itself in `postmaster.pid`. */
export interface PostmasterFile {
  pid: number;
  /** When the file was last written, in milliseconds. Only good for telling two states of it apart. */
  writtenAt: number;
  port: number;
  /** Undefined where the server has no Unix socket. */
  socketDir: string | undefined;
  /** `starting`, `ready`, `stopping`, or empty while the file is being written. A crashed server's file says `ready` for ever. */
  status: string;
}

/** Reads `postmaster.pid` of a cluster; undefined when there is none. */
export async function readPostmasterFile(clusterDir: string): Promise<PostmasterFile | undefined> {
  const path = join(clusterDir, 'postmaster.pid');
  try {
    // In this order a write in between makes the state look older than it is, never newer.
    const { mtimeMs } = await stat(path);
    return parse(await readFile(path, 'utf8'), mtimeMs);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string, writtenAt: number): PostmasterFile | undefined {
  const line = text.split('\n').map((part) => part.trim());
  const pid = Math.abs(Number.parseInt(line[0] ?? '', 10));
  if (!pid) return undefined;
  return {
    pid,
    writtenAt,
    port: Number(line[3]),
    socketDir: line[4] || undefined,
    status: line[7] ?? '',
  };
}
