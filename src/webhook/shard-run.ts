import { feedAfter, type FeedEvent } from '../feed/feed-event.js';
import type { Subject } from '../snapshot/subjects-shown.js';
import { attemptDelivery, prepareJobs, type Prepared } from './attempt-delivery.js';
import { Bell } from './bell.js';
import type { Breaker } from './breaker.js';
import { DeliveryLog } from './delivery-log.js';
import type { Dispatch } from './dispatch.js';
import { disableEndpoint } from './disable-endpoint.js';
import { windowSize } from './event-window.js';
import { LeaseLost, type Lease } from './lease.js';
import type { Pace } from './pace.js';
import { loadParked, writeParked } from './parked.js';
import { loadServedEndpoint, type ServedEndpoint } from './served-endpoint.js';
import { Shard, type Job } from './shard.js';
import { leaseMarginMs } from './timing.js';

const flushAfterAcks = 128;
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
  private shard!: Shard;
  private readonly log = new DeliveryLog();
  private mayHaveMore = true;
  private readAt = 0;
  private flushedAt = performance.now();
  private stopping = false;
  private withdrawn = false;
  private failure: Error | null = null;
  private writtenPos = 0n;
  /** Whether anything came of this run; if not, the next one can wait for the poll. */
  progressed = false;

  constructor(
    private readonly hub: Dispatch,
    private readonly lease: Lease,
    private readonly breaker: Breaker,
    private readonly pace: Pace,
  ) {
    this.turnEndsAt = performance.now() + hub.timing.turnMs;
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
      await this.flush(true);
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
    this.shard = new Shard(BigInt(claim.ackedPos), endpoint, parked, this.breaker, retryScheduleMs, this.hub.random);
    this.writtenPos = this.shard.window.ackedPos;
    return this.accept(endpoint);
  }

  private async serve(): Promise<void> {
    while (!this.isOver()) {
      if (this.lease.isRenewalDue()) await this.lease.renew(this.hub.db, this.hub.time);
      await this.read();
      await this.start();
      if (this.log.length >= flushAfterAcks || performance.now() - this.flushedAt >= this.hub.timing.flushMs)
        await this.flush(false);
      if (!this.isOver()) await this.bell.wait(this.waitMs());
      if (this.failure) throw this.failure;
    }
  }

  private isOver(): boolean {
    if (this.stopping || this.withdrawn || this.shard.disabledReason) return true;
    if (this.inflight.size > 0) return false;
    const turnIsOver = performance.now() >= this.turnEndsAt;
    if (turnIsOver && this.shard.window.isEmpty) return true;
    return (turnIsOver || !this.mayHaveMore || this.breaker.open) && this.readAt > 0 && this.shard.isIdle(this.now());
  }

  private waitMs(): number {
    const { flushMs, pollMs } = this.hub.timing;
    const pace = this.shard.lanes.isEmpty ? 0 : this.pace.waitMs(performance.now());
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
    const [endpoint, events] = await this.hub.db.asSystem(async (sql) => [
      await loadServedEndpoint(sql, this.hub.secret, claim),
      await feedAfter(sql, claim.ownerId, window.readPos, room),
    ]);
    if (!this.accept(endpoint)) return;
    if (events.length === room) this.mayHaveMore = true;
    for (const event of events) this.shard.take(event);
    this.log.read(events);
  }

  /** False when the endpoint is not to be served any more. */
  private accept(endpoint: ServedEndpoint | null): boolean {
    if (!endpoint || endpoint.state !== 'ACTIVE') this.withdrawn = true;
    else if (this.shard.window.readPos + 1n < endpoint.minPos)
      this.shard.disabledReason = 'changes that were not sent have left the feed: the receiver needs a resync';
    else this.shard.endpoint = endpoint;
    return this.shard.endpoint === endpoint;
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
    const { events, subjects } = await this.prepare(jobs);
    for (const job of jobs) {
      const event = job.parked ? events.get(job.customerId) : job.event;
      const delivery = (event ? this.deliver(job, event, subjects.get(job.customerId) ?? null) : this.drop(job))
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

  private async prepare(jobs: Job[]): Promise<Prepared> {
    const { db, time, timing } = this.hub;
    try {
      const prepared = await db.asSystem((sql) =>
        prepareJobs(sql, this.lease.claim.ownerId, jobs, this.shard.endpoint, this.now()),
      );
      if (this.lease.remainingMs() < leaseMarginMs(timing)) await this.lease.renew(db, time);
      return prepared;
    } catch (error) {
      this.hub.slots.free += jobs.length;
      throw error;
    }
  }

  private async deliver(job: Job, event: FeedEvent, subject: Subject | null): Promise<void> {
    const { ownerId, endpointId } = this.lease.claim;
    const at = this.now();
    const { signal } = this.abort;
    const limits = { deadlineMs: this.hub.timing.deadlineMs, signal };
    const delivery = { ownerId, event, subject, at };
    const attempted = await attemptDelivery(this.hub, this.shard.endpoint, delivery, limits);
    const { result } = attempted;
    if (signal.aborted && !result.ok) return this.shard.lanes.release(job.customerId); // the hub's own doing
    const state = this.shard.settle(job, event, result, this.now());
    const { pos, customerId, version } = event;
    this.log.note({ at, endpointId, pos, customerId, version, attempt: job.attempt, state }, attempted);
    if (job.attempt === 4 && !result.ok) this.hub.log('warn', 'webhook.endpoint.failing', { ownerId, endpointId });
  }

  private drop(job: Job): Promise<void> {
    if (job.parked) this.shard.settleEmpty(job.customerId, job.parked);
    return Promise.resolve();
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

  /**
   * One fenced transaction: the cursor, then parked customers, then the log. All of it as it stands now: requests go on
   * ending while it is written, and belong to the next one.
   */
  private async flush(release: boolean): Promise<void> {
    this.flushedAt = performance.now();
    const { window, parked, disabledReason } = this.shard;
    const { failSince, fails, probeAt, open } = this.breaker;
    const { ackedPos } = window;
    const changed = this.log.length > 0 || parked.hasChanges || ackedPos !== this.writtenPos;
    if (!changed && !release) return;
    this.progressed ||= changed;
    const cursor = { ackedPos, breaker: open ? 'OPEN' : 'CLOSED', failSince, fails, probeAt } as const;
    const parkedChanges = parked.takeChanges();
    const writeLog = this.log.take();
    this.writtenPos = ackedPos;
    const { claim } = this.lease;
    await this.hub.db.asSystem(async (sql) => {
      await this.lease.write(sql, cursor, release);
      await writeParked(sql, claim, parkedChanges);
      await writeLog(sql, claim);
      if (disabledReason) await disableEndpoint(sql, claim, disabledReason, this.hub.log);
    });
  }

  private now(): Date {
    return this.hub.time.now();
  }
}
