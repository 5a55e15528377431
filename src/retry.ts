import { setTimeout as sleep } from 'node:timers/promises';

const shortestMs = 250;
const longestMs = 5_000;

/** Decides for how long something is tried again: with growing pauses, until nothing was gained for `patienceMs`. */
export class Retry {
  private pauseMs = shortestMs;
  private most = -1;
  private deadlineMs: number;

  constructor(private readonly patienceMs: number) {
    this.deadlineMs = performance.now() + patienceMs;
  }

  /** How far it is. What is further than ever before begins the patience anew. */
  gained(done: number): void {
    if (done <= this.most) return;
    this.most = done;
    this.pauseMs = shortestMs;
    this.deadlineMs = performance.now() + this.patienceMs;
  }

  /** Waits before the next time; false: there is none. The signal ends the waiting. */
  async pause(signal: AbortSignal): Promise<boolean> {
    const leftMs = this.deadlineMs - performance.now();
    if (leftMs <= 0) return false;
    await sleep(Math.min(this.pauseMs, leftMs), undefined, { signal }).catch(() => undefined);
    this.pauseMs = Math.min(this.pauseMs * 2, longestMs);
    return !signal.aborted;
  }
}
