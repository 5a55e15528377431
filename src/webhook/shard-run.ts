import { attemptDelivery } from './attempt-delivery.js';
import { Bell } from './bell.js';
import type { Breaker } from './breaker.js';
import type { Dispatch } from './dispatch.js';
import { windowSize } from './event-window.js';
import { LeaseLost, type Lease } from './lease.js';
import type { Pace } from './pace.js';
import { loadParked } from './parked.js';
import { prepareJobs, type PreparedJob } from './prepare-jobs.js';
import { isReplayed } from './replay/replayed.js';
import { ReplaySource } from './replay/replay-source.js';
import { RunRecord } from './run-record.js';
import { loadServedEndpoint, type ServedEndpoint } from './served-endpoint.js';
import { Shard, type Job } from './shard.js';
import { shardEventsAfter } from './shard-events.js';
import { shareOf, type ShardSlice } from './shard-slice.js';
import { wantedSkips } from './skip-dead.js';
import { leaseMarginMs } from './timing.js';

const worthReading = 64;

/**
 * Serves one leased shard until there is nothing to do, its turn is over, it is told to stop or it lost the lease: reads a
 * window of the feed, sends, writes down what became of it (delivery-design B.6). No transaction is open while a
 * request is under way.
 */
export class ShardRun {
  private readonly bell = new Bell();
  private readonly abort = new AbortController();
  private readonly inflight = new Set<Promise<void>>();
  private readonly turnEndsAt: number;
  private readonly replays: ReplaySource;
  private shard!: Shard;
  private slice!: ShardSlice;
  private mayHaveMore = true;
  private readAt = 0;
  private stopping = false;
  private withdrawn = false;
  private failure: Error | null = null;
  readonly record: RunRecord;

  constructor(
    private readonly hub: Dispatch,
    private readonly lease: Lease,
    private readonly breaker: Breaker,
    private readonly pace: Pace,
  ) {
    this.turnEndsAt = performance.now() + hub.timing.turnMs;
    this.record = new RunRecord(hub, lease, breaker);
    this.replays = new ReplaySource(hub, lease.claim);
  }

  /** Hint that the feed has grown. */
  wake(): void {
    this.mayHaveMore = true;
    this.bell.ring();
  }

  /** Starts nothing more, lets what is under way finish for a while, then gives the shard back. */
  stop(): void {
    this.stopping = true;
    this.bell.ring();
    setTimeout(() => this.abort.abort(), this.hub.timing.drainMs).unref();
  }

  /** @throws LeaseLost, or what the database threw; then the lease is left to run out, which spaces the next try. */
  async run(): Promise<void> {
    try {
      if (await this.load()) await this.serve();
      await this.drain();
      await this.record.write(this.shard, true);
    } catch (error) {
      this.abort.abort();
      await Promise.all(this.inflight);
      throw error;
    }
  }

  private async load(): Promise<boolean> {
    const { claim } = this.lease;
    const [endpoint, parked] = await this.hub.db.asSystem(async (sql) => [
      await loadServedEndpoint(sql, this.hub.secret, claim),
      await loadParked(sql, claim),
    ]);
    if (!endpoint) throw new LeaseLost(); // deleted meanwhile, and its cursor with it
    const { retryScheduleMs } = this.hub.timing;
    this.slice = { ...claim, shards: endpoint.shards };
    const { slice, breaker } = this;
    const served = shareOf(endpoint, slice);
    this.shard = new Shard(BigInt(claim.ackedPos), served, parked, breaker, retryScheduleMs, this.hub.random, slice);
    return this.accept(endpoint);
  }

  private async serve(): Promise<void> {
    while (!this.isOver()) {
      if (this.lease.isRenewalDue()) await this.lease.renew(this.hub.db, this.hub.time);
      await this.read();
      if (!this.isCalledOff()) await this.replays.read(this.shard);
      await this.start();
      if (this.record.isDue()) await this.record.write(this.shard, false);
      // What was filtered out rings no bell: where it was all of a page, the next one is read at once.
      const readsOn = this.mayHaveMore && this.shard.window.isEmpty;
      if (!this.isOver() && !readsOn) await this.bell.wait(this.waitMs());
      if (this.failure) throw this.failure;
    }
  }

  private isCalledOff(): boolean {
    return this.stopping || this.withdrawn || this.shard.disabledReason !== null;
  }

  private isOver(): boolean {
    if (this.isCalledOff()) return true;
    if (this.inflight.size > 0) return false;
    const turnIsOver = performance.now() >= this.turnEndsAt;
    if (turnIsOver && this.shard.window.isEmpty) return true;
    return (turnIsOver || !this.mayHaveMore || this.breaker.open) && this.readAt > 0 && this.shard.isIdle(this.now());
  }

  private waitMs(): number {
    const { flushMs, pollMs } = this.hub.timing;
    const { lanes, replay } = this.shard;
    const now = performance.now();
    const pace = lanes.isEmpty ? replay.waitMs(now) : this.pace.waitMs(now);
    return Math.min(flushMs, pollMs, pace > 0 ? Math.ceil(pace) : Infinity);
  }

  /** Refills the window and takes over changed settings. */
  private async read(): Promise<void> {
    const { window, parked } = this.shard;
    const now = performance.now();
    if (now - this.readAt >= this.hub.timing.pollMs) this.mayHaveMore = true;
    const room = window.isEmpty ? windowSize : window.room;
    if (!this.mayHaveMore || room < worthReading || now >= this.turnEndsAt) return;
    this.mayHaveMore = false; // before the statement: a wake-up that comes meanwhile must not be lost
    this.readAt = now;
    if (parked.crowded && !this.breaker.open) return;
    const { claim } = this.lease;
    const page = await this.hub.db.asSystem(async (sql) => {
      const endpoint = await loadServedEndpoint(sql, this.hub.secret, claim);
      if (!this.accept(endpoint)) return null;
      parked.skip(await wantedSkips(sql, claim), this.now());
      const place = { ownerId: claim.ownerId, endpoint, leavers: this.record.leavers };
      return shardEventsAfter(sql, place, this.slice, { after: window.readPos, limit: room, at: this.now() });
    });
    if (!page) return;
    if (page.more) this.mayHaveMore = true;
    for (const event of page.events) this.shard.take(event, page.customers.get(event.customerId));
    window.readTo(page.readPos);
    this.record.read(page.events);
  }

  /** False when the endpoint is not to be served any more. */
  private accept(endpoint: ServedEndpoint | null): endpoint is ServedEndpoint {
    // Who was told without them is noted when the shard is given back: before that nobody may be judged.
    const gotConditions = !!endpoint?.conditions && !this.shard.endpoint.conditions;
    if (!endpoint || endpoint.state !== 'ACTIVE' || endpoint.resharding || gotConditions) this.withdrawn = true;
    else if (this.shard.window.readPos + 1n < endpoint.minPos)
      this.shard.disabledReason = 'changes that were not sent have left the feed: the receiver needs a resync';
    else this.shard.endpoint = shareOf(endpoint, this.slice);
    return !this.withdrawn && !this.shard.disabledReason;
  }

  private async start(): Promise<void> {
    if (this.isOver()) return;
    const { endpoint } = this.shard;
    const slots = Math.min(endpoint.maxInFlight, this.breaker.concurrency) - this.inflight.size;
    const jobs = this.shard.nextJobs(this.now(), slots, {
      retries: performance.now() < this.turnEndsAt,
      mayStart: () =>
        this.hub.slots.free > 0 && this.pace.take(performance.now(), endpoint.ratePerSecond) && this.takeSlot(),
    });
    if (jobs.length === 0) return;
    for (const prepared of await this.prepare(jobs)) {
      const delivery = this.deliver(prepared)
        .catch((error: Error) => void (this.failure ??= error))
        .finally(() => {
          this.hub.slots.free += 1;
          this.inflight.delete(delivery);
          this.bell.ring();
        });
      this.inflight.add(delivery);
    }
  }

  private takeSlot(): boolean {
    this.hub.slots.free -= 1;
    return true;
  }

  private async prepare(jobs: Job[]): Promise<PreparedJob[]> {
    const { db, time, timing } = this.hub;
    const place = { ownerId: this.lease.claim.ownerId, endpoint: this.shard.endpoint, leavers: this.record.leavers };
    try {
      const prepared = await db.asSystem((sql) => prepareJobs(sql, place, jobs, this.now()));
      if (this.lease.remainingMs() < leaseMarginMs(timing)) await this.lease.renew(db, time);
      return prepared;
    } catch (error) {
      this.hub.slots.free += jobs.length;
      throw error;
    }
  }

  private async deliver(prepared: PreparedJob): Promise<void> {
    const { job, event } = prepared;
    if (!event) return this.drop(job);
    const at = this.now();
    if (prepared.judgement === 'PASS') return this.shard.passOver(job, event, at);
    const { ownerId } = this.lease.claim;
    const left = prepared.judgement === 'SEND_LEFT';
    const { signal } = this.abort;
    const limits = { deadlineMs: this.hub.timing.deadlineMs, signal };
    const delivery = { ownerId, event, subject: prepared.subject, at, left, replayed: isReplayed(job, event) };
    const attempted = await attemptDelivery(this.hub, this.shard.endpoint, delivery, limits);
    if (signal.aborted && !attempted.result.ok) return this.shard.lanes.release(job.customerId); // the hub's own doing
    this.record.note(this.shard, { job, event, left }, attempted, at);
  }

  private drop(job: Job): void {
    if (job.parked) this.shard.settleEmpty(job.customerId, job.parked);
    job.replay?.window.finish(job.replay.items, 'skipped');
  }

  /** Waits for what is under way, with the lease kept alive. */
  private async drain(): Promise<void> {
    while (this.inflight.size > 0) {
      if (this.lease.isRenewalDue()) await this.lease.renew(this.hub.db, this.hub.time);
      await this.bell.wait(this.hub.timing.flushMs);
    }
    this.shard.closeGaps(this.now());
    if (this.failure) throw this.failure;
  }

  private now(): Date {
    return this.hub.time.now();
  }
}
