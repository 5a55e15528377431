import { setTimeout as sleep } from 'node:timers/promises';

const shortestMs = 250;
const longestMs = 5_000;

/**
 * Decides for how long something is tried again: with growing pauses, until it has failed for `patienceMs` without anything
 * gained in between.
 */
export class Retry {
  private pauseMs = shortestMs;
  private most = -1;
  /** Null: it has not failed since something was gained. */
  private deadlineMs: number | null = null;

  constructor(private readonly patienceMs: number) {}

  /** How far it is. What is further than ever before begins the patience anew. */
  gained(done: number): void {
    if (done <= this.most) return;
    this.most = done;
    this.pauseMs = shortestMs;
    this.deadlineMs = null;
  }

  /** It has failed: waits before the next time; false: there is none. The signal ends the waiting. */
  async pause(signal: AbortSignal): Promise<boolean> {
    const nowMs = performance.now();
    this.deadlineMs ??= nowMs + this.patienceMs;
    const leftMs = this.deadlineMs - nowMs;
    if (leftMs <= 0) return false;
    await sleep(Math.min(this.pauseMs, leftMs), undefined, { signal }).catch(() => undefined);
    this.pauseMs = Math.min(this.pauseMs * 2, longestMs);
    return !signal.aborted;
  }
}
