import type { Clock } from '../clock.js';

/**
 * PostgreSQL's time, carried on by this process' monotonic clock between two statements: workers with skewed clocks
 * agree on what is due. A clock that tells a time (tests) goes before.
 */
export class DatabaseTime {
  private readAt = performance.now();
  private readTime = Date.now();

  constructor(private readonly clock: Clock) {}

  /** Tells what `clock_timestamp()` was in a statement that was sent at `sentAt` (`performance.now()`). */
  read(time: Date, sentAt: number): void {
    this.readTime = time.getTime();
    this.readAt = sentAt;
  }

  now(): Date {
    return this.clock.at() ?? new Date(this.readTime + performance.now() - this.readAt);
  }
}
