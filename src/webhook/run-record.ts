import type { FeedEvent } from '../feed/feed-event.js';
import type { Attempted } from './attempt-delivery.js';
import type { Breaker } from './breaker.js';
import { DeliveryLog } from './delivery-log.js';
import type { Dispatch } from './dispatch.js';
import { HealthWatch, logTold } from './health-watch.js';
import type { Lease } from './lease.js';
import { writeParked } from './parked.js';
import { writeReplay } from './replay/replay-part.js';
import type { Job, Shard } from './shard.js';
import { Leavers, markRecentlyTold } from './told-customers.js';

const flushAfterAcks = 128;

/** What has become of a run's deliveries and is not written down yet. */
export class RunRecord {
  readonly leavers = new Leavers();
  /** Whether anything came of the run; if not, the next one can wait for the poll. */
  progressed = false;
  private readonly log = new DeliveryLog();
  private readonly health: HealthWatch;
  private writtenPos: bigint;
  private writtenAt = performance.now();
  private beingWritten = 0;
  /** Something was sent for an endpoint without conditions: nobody was noted as told of it. */
  private unmarked = false;

  constructor(
    private readonly hub: Dispatch,
    private readonly lease: Lease,
    private readonly breaker: Breaker,
  ) {
    this.health = new HealthWatch(breaker, hub.timing.probeMs);
    this.writtenPos = BigInt(lease.claim.ackedPos);
  }

  /** Notes events that were read. */
  read(events: readonly FeedEvent[]): void {
    this.log.read(events);
  }

  /** Notes what became of a request for `event`, and with it the job in the shard. `sentAt`: when it was started. */
  note(
    shard: Shard,
    { job, event, left }: { job: Job; event: FeedEvent; left: boolean },
    attempted: Attempted,
    sentAt: Date,
  ): void {
    const { result } = attempted;
    const now = this.hub.time.now();
    if (left && result.ok) this.leavers.note(event.customerId);
    this.unmarked ||= shard.endpoint.conditions === null;
    const state = shard.settle(job, event, result, now);
    const { customerId, version } = event;
    const pos = event.pos || null; // null: a state that no event lends its id
    const { webhookId, content } = attempted;
    this.log.note({ at: sentAt, pos, customerId, version, webhookId, attempt: job.attempt, state, result }, content);
    this.health.note(job.attempt, result.ok, now);
    this.hub.counts.attempts[state] += 1;
  }

  /** How many attempts are not in the database yet. */
  get unwritten(): number {
    return this.log.length + this.beingWritten;
  }

  isDue(): boolean {
    return this.log.length >= flushAfterAcks || performance.now() - this.writtenAt >= this.hub.timing.flushMs;
  }

  /**
   * One fenced transaction: the cursor, then parked customers, then the log. All of it as it stands now: requests go on
   * ending while it is written, and belong to the next one. `release` gives the shard back. @throws LeaseLost
   */
  async write({ window, parked, replay, disabledReason }: Shard, release: boolean): Promise<void> {
    this.writtenAt = performance.now();
    const { ackedPos } = window;
    const changed = this.log.length > 0 || parked.hasChanges || replay.hasChanges || ackedPos !== this.writtenPos;
    if (!changed && !release) return;
    this.progressed ||= changed;
    const cursor = { ackedPos, ...this.breaker.stored };
    const parkedChanges = parked.takeChanges();
    const replayChanges = replay.takeChanges();
    const count = this.log.length;
    const writeLog = this.log.take();
    const writeLeavers = this.leavers.take();
    const writeHealth = this.health.take(disabledReason, this.hub.time.now());
    this.writtenPos = ackedPos;
    const { claim } = this.lease;
    this.beingWritten = count;
    const told = await this.hub.db.asSystem(async (sql) => {
      await this.lease.write(sql, cursor, release);
      await writeParked(sql, claim, parkedChanges);
      await writeReplay(sql, claim, replayChanges);
      await writeLog(sql, claim);
      await writeLeavers(sql, claim);
      if (release && this.unmarked) await markRecentlyTold(sql, claim); // it may have got conditions meanwhile
      return writeHealth(sql, claim);
    });
    this.beingWritten = 0;
    logTold(this.hub.log, told);
  }
}
