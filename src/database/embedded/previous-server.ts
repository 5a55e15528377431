import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../../errors.js';
import { isServerOf, processLives } from './live-process.js';
import { readPostmasterFile, type PostmasterFile } from './postmaster-file.js';

const lookEveryMs = 40;
/** A hub killed with -9 counts as alive until its parent has noticed, so one look is not enough to refuse. */
const believeHubAfterMs = 250;
/** The dead-man's switch needs tens of milliseconds; after this it must have been killed too. */
const replaceSwitchAfterMs = 1_000;
/** A fast shutdown writes all changed pages first; on a slow disk that takes its time. */
const giveUpAfterMs = 30_000;

/**
 * Waits until no server runs on `clusterDir`. A server whose hub has died ends by itself within a moment and is waited for.
 * Gives the pid file that a crashed server left and that means nothing any more, if there is one.
 *
 * Throws a StartupError when another hub runs on the directory, or when the server does not end within 30 s.
 */
export async function previousServerGone(clusterDir: string, dataDir: string): Promise<PostmasterFile | undefined> {
  const begun = performance.now();
  let asked = false;
  for (;;) {
    const file = await readPostmasterFile(clusterDir);
    if (!file) return undefined;
    const local = await isServerOf(clusterDir, file.pid);
    if (!local && !(await answers(file))) return file;

    const waitedMs = performance.now() - begun;
    if (file.status !== 'stopping') {
      const hub = await hubOf(clusterDir);
      if (hub !== undefined && processLives(hub) && waitedMs > believeHubAfterMs) throw otherHub(dataDir, hub);
      if (local && !asked && waitedMs > replaceSwitchAfterMs) {
        asked = true;
        interrupt(file.pid);
      }
      // No local process, yet the socket answers: the other hub sits in another container on the same volume.
      if (!local && waitedMs > replaceSwitchAfterMs) throw otherHub(dataDir, undefined);
    }
    if (waitedMs > giveUpAfterMs) {
      throw new StartupError(
        `The previous database server on ${dataDir} (process ${file.pid}) does not end. Stop that process, then start again.`,
      );
    }
    await delay(lookEveryMs);
  }
}

const otherHub = (dataDir: string, pid: number | undefined) =>
  new StartupError(
    `Another hub is already running on ${dataDir}${pid ? ` (process ${pid})` : ''}. ` +
      'Stop it, or give this one its own STAMDATA_DATA_DIR.',
  );

/** Whether something accepts connections where the pid file says. A refused connection is the mark of a dead server. */
export function answers({ socketDir, port }: PostmasterFile): Promise<boolean> {
  if (!socketDir || process.platform === 'win32') return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect(join(socketDir, `.s.PGSQL.${port}`));
    const done = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => done(true)).once('error', () => done(false));
  });
}

/** The hub that started the server: it names itself among the server's arguments, which PostgreSQL writes down. */
async function hubOf(clusterDir: string): Promise<number | undefined> {
  const options = await readFile(join(clusterDir, 'postmaster.opts'), 'utf8').catch(() => '');
  const pid = /stamdata\.hub_pid=(\d+)/.exec(options)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/** Asks an abandoned server for a fast shutdown. */
function interrupt(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // It has ended meanwhile, or is not ours to end: the loop above finds out.
  }
}
