import type { FeedEvent } from '../../feed/feed-event.js';
import type { Lanes } from '../lanes.js';
import { Pace } from '../pace.js';
import type { Parked, ParkedCustomers } from '../parked.js';
import { newestOf } from '../parked-events.js';
import type { ServedEndpoint } from '../served-endpoint.js';
import type { ReplayItem } from './read-replay.js';
import type { ReplayChanges, ReplayCounts, ReplayPart } from './replay-part.js';
import { ReplayWindow } from './replay-window.js';
import { behind, type Replayed } from './replayed.js';

/** One request of a replay: an event, or what a dead customer waits with. */
export type ReplayJob = { customerId: string; attempt: number; replay: Replayed } & (
  { parked: null; event: FeedEvent; count: 0 } | { parked: Parked }
);

/**
 * What a shard has to replay, in the memory of the worker that leased it (delivery-design B.7): another source of requests
 * beside lanes and parked customers, which holds the customer's lane as they do. It takes at most half of the endpoint's
 * rate and of its requests under way, and only what the others leave.
 */
export class ShardReplay {
  private window: ReplayWindow | null = null;
  private readonly counts = new Map<string, ReplayCounts>();
  private readonly pace = new Pace();
  /** Customers whose requests were begun here. */
  private readonly begun = new Set<string>();

  constructor(
    private readonly lanes: Lanes,
    private readonly parked: ParkedCustomers,
  ) {}

  /** Turns to the replay whose turn it is; null: there is none for this shard. */
  turnTo(part: ReplayPart | null): void {
    if (part?.replayId === this.window?.part.replayId) return;
    this.window = part && new ReplayWindow(part, (outcome, count) => this.count(part.replayId, outcome, count));
  }

  get current(): ReplayWindow | null {
    return this.window;
  }

  /** Nothing of it is left to be started here. */
  get isIdle(): boolean {
    return this.window === null || this.window.isDone;
  }

  /** Milliseconds until its pace lets the next request start; 0: now, or there is none. `nowMs`: `performance.now()`. */
  waitMs(nowMs: number): number {
    return this.isIdle ? 0 : this.pace.waitMs(nowMs);
  }

  /** Up to `slots` requests that may start now, their customers held. `mayStart` is asked before each. */
  nextJobs(now: Date, slots: number, endpoint: ServedEndpoint, mayStart: () => boolean): ReplayJob[] {
    const { window } = this;
    for (const customerId of this.begun) if (!this.lanes.isHeld(customerId)) this.begun.delete(customerId);
    const free = Math.min(slots, Math.max(1, Math.floor(endpoint.maxInFlight / 2)) - this.begun.size);
    const jobs: ReplayJob[] = [];
    if (!window || free < 1) return jobs;
    for (const [customerId, items] of byCustomer(window.waiting())) {
      if (jobs.length >= free) break;
      if (this.lanes.isHeld(customerId) || this.needsNoRequest(window, customerId, items, now)) continue;
      if (this.pace.waitMs(performance.now()) > 0 || !mayStart()) break;
      this.pace.take(performance.now(), endpoint.ratePerSecond / 2);
      const chosen = endpoint.mode === 'LATEST' ? items : items.slice(0, 1);
      jobs.push(this.jobOf({ window, items: chosen }, customerId, now));
    }
    return jobs;
  }

  get hasChanges(): boolean {
    return this.counts.size > 0 || (this.window?.hasChanges ?? false);
  }

  /** What has to be written since the last call. */
  takeChanges(): ReplayChanges {
    const counts = new Map(this.counts);
    this.counts.clear();
    const progress = this.window?.takeProgress();
    return { progress: progress ? { ...progress, replayId: this.window!.part.replayId } : null, counts };
  }

  private count(replayId: string, outcome: keyof ReplayCounts, count: number): void {
    const counts = this.counts.get(replayId) ?? { sent: 0, failed: 0, skipped: 0 };
    counts[outcome] += count;
    this.counts.set(replayId, counts);
  }

  /** What a customer waits for is sent by its retry: in order, and with the newest snapshot. */
  private needsNoRequest(window: ReplayWindow, customerId: string, items: ReplayItem[], now: Date): boolean {
    const parked = this.parked.get(customerId);
    if (window.part.kind === 'DEAD') {
      if (parked?.state === 'DEAD') return false;
      window.finish(items, 'skipped'); // a change of the customer has made it alive meanwhile
      return true;
    }
    if (!parked) return false;
    this.parked.set(behind(parked, { window, items }, now));
    window.finish(items, 'failed');
    return true;
  }

  private jobOf(replay: Replayed, customerId: string, now: Date): ReplayJob {
    this.lanes.hold(customerId);
    this.begun.add(customerId);
    const { window, items } = replay;
    const dead = window.part.kind === 'DEAD' ? this.parked.get(customerId) : undefined;
    if (!dead) {
      window.begin(items);
      const event = newestOf(items.map((item) => item.event!));
      return { customerId, attempt: 1, parked: null, event, count: 0, replay };
    }
    // Alive from now on, so that what comes meanwhile waits behind it: from here on the retries see to it.
    const mark = { id: window.part.replayId, until: dead.lastPos, state: dead.replay?.state ?? false };
    const revived: Parked = { ...dead, ...{ state: 'RETRY', attempt: 0, nextAt: now, replay: mark } };
    this.parked.set(revived);
    window.handOver(items);
    return { customerId, attempt: 1, parked: revived, replay };
  }
}

/** Of a customer only the oldest may be sent next. */
function byCustomer(items: readonly ReplayItem[]): Map<string, ReplayItem[]> {
  const customers = new Map<string, ReplayItem[]>();
  for (const item of items) {
    const others = customers.get(item.customerId);
    if (others) others.push(item);
    else customers.set(item.customerId, [item]);
  }
  return customers;
}
