import { requestDeadlineMs } from './send.js';
import { retryScheduleMs } from './retry.js';

/** The durations of the dispatcher, in milliseconds. Shorter ones are for tests. */
export interface Timing {
  /** How long a claimed shard belongs to its worker without a renewal. */
  leaseMs: number;
  /** All that a receiver gets for one request. */
  deadlineMs: number;
  /** How often the feed is looked at when nobody calls `wake`. */
  pollMs: number;
  /** How long results may wait in memory before they are written. */
  flushMs: number;
  /** How long one worker keeps one shard while others wait. */
  turnMs: number;
  /** How often operational events are looked for, and recoveries of failing endpoints. */
  noticeMs: number;
  /** How long `stop` waits for requests in flight. */
  drainMs: number;
  retryScheduleMs: readonly number[];
  /** Waits between probes while the breaker is open: the first, and the longest. */
  probeMs: readonly [number, number];
}

/** delivery-design B.6 and B.7. */
export const defaultTiming: Timing = {
  leaseMs: 30_000,
  deadlineMs: requestDeadlineMs,
  pollMs: 250,
  flushMs: 200,
  turnMs: 60_000,
  noticeMs: 2_000,
  drainMs: 8_000,
  retryScheduleMs,
  probeMs: [5_000, 300_000],
};

/** A request is started only when this much of the lease is left, so that it ends before anybody else may begin. */
export const leaseMarginMs = (timing: Timing): number => timing.deadlineMs + Math.min(1_000, timing.deadlineMs / 10);
