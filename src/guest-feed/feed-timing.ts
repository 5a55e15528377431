import { requestDeadlineMs } from '../webhook/send.js';

/** The durations of runs, in milliseconds. Shorter ones are for tests. */
export interface FeedTiming {
  /** How long a run belongs to its process without a renewal; after a crash another one goes on with it then. */
  leaseMs: number;
  /** All that the service gets for one request. */
  deadlineMs: number;
  /** How often the schedule is looked at. */
  pollMs: number;
  /** How long `stop` waits for requests under way. */
  drainMs: number;
  /** How long `runGuestFeed` waits for the end of its run. */
  patienceMs: number;
  /** How long the hub's own database may be away before a run gives up. */
  troubleMs: number;
}

export const defaultTiming: FeedTiming = {
  leaseMs: 20_000,
  deadlineMs: requestDeadlineMs,
  pollMs: 1_000,
  drainMs: 8_000,
  patienceMs: 30_000,
  troubleMs: 10_000,
};
