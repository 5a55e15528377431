import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Tries again what failed, with growing pauses, for up to `forMs`: a restart of the database in between must not make a
 * stay that was just accepted look as if it had not been sent. `work` is a whole transaction. @throws what it failed of last
 */
export async function persistently<T>(work: () => Promise<T>, forMs: number): Promise<T> {
  const end = performance.now() + forMs;
  for (let pauseMs = 50; ; pauseMs *= 2) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() + pauseMs > end) throw error;
    }
    await sleep(pauseMs);
  }
}
