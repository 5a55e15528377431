import { Bell } from './bell.js';
import type { Breaker } from './breaker.js';
import type { Dispatch } from './dispatch.js';
import { windowSize } from './event-window.js';
import { LeaseLost, type Lease } from './lease.js';
import type { Pace } from './pace.js';
import { loadParked } from './parked.js';
import { ReplaySource } from './replay/replay-source.js';
import { RunRecord } from './run-record.js';
import { Sending } from './sending.js';
import { loadServedEndpoint, type ServedEndpoint } from './served-endpoint.js';
import { Shard } from './shard.js';
import { shardEventsAfter, type ShardEvents } from './shard-events.js';
import { shareOf, type ShardSlice } from './shard-slice.js';
import { SideWork } from './side-work.js';
import { wantedSkips } from './skip-dead.js';

const worthReading = 64;
const pageSize = windowSize / 2;

/**
 * Serves one leased shard until there is nothing to do, its turn is over, it is told to stop or it lost the lease: reads a
 * window of the feed, sends, writes down what became of it (delivery-design B.6). Reading and writing go on beside the
 * sending; no transaction waits for a request.
 */
export class ShardRun {
  private readonly bell = new Bell();
  private readonly side = new SideWork<'read' | 'write'>((error) => this.ended(error));
  private readonly sending: Sending;
  private readonly turnEndsAt: number;
  private readonly replays: ReplaySource;
  private shard!: Shard;
  private slice!: ShardSlice;
  /** Read, and waiting for its place in the window. */
  private page: ShardEvents | null = null;
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
    this.sending = new Sending(hub, lease, this.record, (error) => this.ended(error));
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
    setTimeout(() => this.sending.cutOff(), this.hub.timing.drainMs).unref();
  }

  /** @throws LeaseLost, or what the database threw; then the lease is left to run out, which spaces the next try. */
  async run(): Promise<void> {
    try {
      if (await this.load()) await this.serve();
      await this.drain();
      await this.record.write(this.shard, true);
    } catch (error) {
      this.sending.cutOff();
      await Promise.all([this.sending.settled(), this.side.settled()]);
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
      if (this.isReadDue()) {
        const reading = this.side.begin('read', () => this.read());
        if (this.shard.lanes.isEmpty) await reading; // a probe takes the oldest event, and retries only what lanes leave
        if (this.failure) throw this.failure;
      }
      if (!this.isCalledOff()) await this.replays.read(this.shard);
      this.takeIn();
      await this.start();
      if (this.record.isDue()) await this.write();
      if (!this.isOver()) await this.bell.wait(this.waitMs());
      if (this.failure) throw this.failure;
    }
  }

  private isCalledOff(): boolean {
    return this.stopping || this.withdrawn || this.shard.disabledReason !== null;
  }

  private isOver(): boolean {
    if (this.isCalledOff()) return true;
    if (this.sending.underWay > 0 || this.side.isGoing('read')) return false;
    const turnIsOver = performance.now() >= this.turnEndsAt;
    if (turnIsOver && this.shard.window.isEmpty) return true;
    return (
      (turnIsOver || !(this.mayHaveMore || this.page) || this.breaker.open) &&
      this.readAt > 0 &&
      this.shard.isIdle(this.now())
    );
  }

  private waitMs(): number {
    const { flushMs, pollMs } = this.hub.timing;
    const { lanes, replay } = this.shard;
    const now = performance.now();
    const pace = lanes.isEmpty ? replay.waitMs(now) : this.pace.waitMs(now);
    return Math.min(flushMs, pollMs, pace > 0 ? Math.ceil(pace) : Infinity);
  }

  private isReadDue(): boolean {
    const now = performance.now();
    if (now - this.readAt >= this.hub.timing.pollMs) this.mayHaveMore = true;
    if (!this.mayHaveMore || this.page || this.isCalledOff() || now >= this.turnEndsAt) return false;
    return this.readable >= worthReading && !this.side.isGoing('read');
  }

  /**
   * How many events may be read: a page ahead of what may be sent, so that nobody waits for a statement. Not where a customer
   * is judged by what is read with its event: that is taken in at once.
   */
  private get readable(): number {
    return this.shard.endpoint.conditions ? this.room : pageSize;
  }

  /** How many events may be taken in: what is sent and not written yet counts, since a crash would send it again (D5). */
  private get room(): number {
    return this.shard.window.room - this.record.unwritten;
  }

  /** Refills the window and takes over changed settings. */
  private async read(): Promise<void> {
    const { readable } = this;
    const { window, parked } = this.shard;
    this.mayHaveMore = false; // before the statement: a wake-up that comes meanwhile must not be lost
    this.readAt = performance.now();
    if (parked.crowded && !this.breaker.open) return;
    const { claim } = this.lease;
    const page = await this.hub.db.asSystem(async (sql) => {
      const endpoint = await loadServedEndpoint(sql, this.hub.secret, claim);
      if (!this.accept(endpoint)) return null;
      parked.skip(await wantedSkips(sql, claim), this.now());
      const place = { ownerId: claim.ownerId, endpoint, leavers: this.record.leavers };
      const range = { after: window.readPos, limit: readable, at: this.now() };
      const read = await shardEventsAfter(sql, place, this.slice, range);
      await this.sending.ahead.read(sql, claim.ownerId, this.shard.endpoint, read, range.at);
      return read;
    });
    if (!page || this.isCalledOff()) return;
    if (page.more) this.mayHaveMore = true;
    this.page = page;
  }

  /** Of the page that was read, as much as has room. */
  private takeIn(): void {
    const { page, shard } = this;
    if (!page || this.isCalledOff() || (shard.parked.crowded && !this.breaker.open)) return;
    const events = page.events.splice(0, Math.max(0, this.room));
    for (const event of events) shard.take(event, page.customers.get(event.customerId));
    this.record.read(events);
    if (page.events.length > 0) return;
    shard.window.readTo(page.readPos);
    this.page = null;
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
    const slots = Math.min(endpoint.maxInFlight, this.breaker.concurrency) - this.sending.underWay;
    const jobs = this.shard.nextJobs(this.now(), slots, {
      retries: performance.now() < this.turnEndsAt,
      mayStart: () =>
        this.hub.slots.free > 0 && this.pace.take(performance.now(), endpoint.ratePerSecond) && this.takeSlot(),
    });
    await this.sending.start(this.shard, jobs);
  }

  private takeSlot(): boolean {
    this.hub.slots.free -= 1;
    return true;
  }

  /** Beside the sending while all goes well; what is read next may depend on the rest. */
  private async write(): Promise<void> {
    const { parked, replay, endpoint } = this.shard;
    const calm = !parked.hasChanges && !replay.hasChanges && !endpoint.conditions;
    if (calm) return void this.side.begin('write', () => this.record.write(this.shard, false));
    await this.side.settled();
    await this.record.write(this.shard, false);
  }

  /** Waits for what is under way, with the lease kept alive. */
  private async drain(): Promise<void> {
    while (this.sending.underWay > 0) {
      if (this.lease.isRenewalDue()) await this.lease.renew(this.hub.db, this.hub.time);
      await this.bell.wait(this.hub.timing.flushMs);
      if (this.failure) throw this.failure;
    }
    await this.side.settled();
    if (this.failure) throw this.failure;
    this.shard.closeGaps(this.now());
  }

  private ended(error: Error | null): void {
    if (error) this.failure ??= error;
    this.bell.ring();
  }

  private now(): Date {
    return this.hub.time.now();
  }
}
