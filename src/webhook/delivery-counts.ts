import type { DeliveryState } from './delivery-state.js';

/** What the dispatcher of this process has done since it started: for the metrics, which add the processes up. */
export class DeliveryCounts {
  /** Requests for events, by what became of them. */
  readonly attempts: Record<DeliveryState, number> = { SUCCEEDED: 0, FAILED: 0, RETRYING: 0, DEAD: 0 };
  /** Shards taken over from a worker that had not given them back: it died, or was paused past its lease. */
  leaseSteals = 0;
  /** Runs that ended because somebody else held the shard by the time they wrote (or its endpoint was deleted). */
  fencedWrites = 0;
}
