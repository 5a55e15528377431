/** How far ahead of the even pace requests may run, in milliseconds: timers are not exact. */
const slackMs = 50;

/** An endpoint's requests per second, spread evenly. Times are `performance.now()`. */
export class Pace {
  private freeAt = 0;

  /** Whether a request may start at `nowMs`; if so, it is counted. */
  take(nowMs: number, perSecond: number): boolean {
    if (this.waitMs(nowMs) > 0) return false;
    this.freeAt = Math.max(this.freeAt, nowMs) + 1_000 / perSecond;
    return true;
  }

  /** Milliseconds until the next request may start; 0: now. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.freeAt - slackMs - nowMs);
  }
}
