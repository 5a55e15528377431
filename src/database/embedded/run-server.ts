import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import { serverEnvironment } from './environment.js';
import type { Cluster } from './find-cluster.js';
import { startGuarded, type GuardedProcess } from './guarded-process.js';
import { readPostmasterFile, type PostmasterFile } from './postmaster-file.js';
import type { ServerUser } from './system-user.js';

/** A server that accepts connections. */
export interface RunningServer {
  /** Resolves when the server has ended. Never rejects. */
  exited: Promise<void>;
  /** Fast shutdown. May be called any number of times. */
  stop(): Promise<void>;
}

export interface RunOptions {
  binaries: Binaries;
  cluster: Cluster;
  user: ServerUser | undefined;
  /** `-c name=value` and so on. */
  args: string[];
  /** The pid file of a crashed server, known to be none any more. */
  stale: PostmasterFile | undefined;
  onLine: (line: string) => void;
}

const lookEveryMs = 10;
/** Past this a shutdown hangs; an immediate one loses nothing either, the next start replays the log. */
const impatientAfterMs = 30_000;

/**
 * Starts a server and waits until it is ready, however long it needs to recover from a crash. Gives undefined when it ended
 * instead; `onLine` has been told why.
 */
export async function runServer(options: RunOptions): Promise<RunningServer | undefined> {
  const { binaries, cluster, user, args, stale, onLine } = options;
  // The one process number PostgreSQL does not take for a living rival; else one that has been given to some other process
  // since the crash would block the start. Its check of the shared memory still guards against a living server.
  const env = serverEnvironment(stale ? { PG_GRANDPARENT_PID: String(stale.pid) } : {});
  const server = startGuarded([join(binaries.dir, 'postgres'), '-D', cluster.dir, ...args], {
    cwd: cluster.dir,
    env,
    user,
    onLine,
  });
  return (await isReady(server, cluster.dir, stale))
    ? { exited: server.ended.then(), stop: () => stop(server) }
    : undefined;
}

/** The pid file of a crashed run says `ready` too, and may even name the same number: it has to be a new one. */
async function isReady(server: GuardedProcess, clusterDir: string, stale?: PostmasterFile): Promise<boolean> {
  let over = false;
  void server.ended.then(() => (over = true));
  const pid = await server.pid;
  while (!over) {
    const file = await readPostmasterFile(clusterDir);
    if (file?.status === 'ready' && file.pid === pid && file.writtenAt !== stale?.writtenAt) return true;
    await delay(lookEveryMs);
  }
  return false;
}

async function stop(server: GuardedProcess): Promise<void> {
  server.interrupt();
  const impatience = setTimeout(() => void server.pid.then(quit), impatientAfterMs);
  await server.ended;
  clearTimeout(impatience);
}

/** Immediate shutdown. */
function quit(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGQUIT');
  } catch {
    // It has ended at last.
  }
}
