import { attemptDelivery } from './attempt-delivery.js';
import type { Dispatch } from './dispatch.js';
import type { Lease } from './lease.js';
import { prepareJobs, type PreparedJob } from './prepare-jobs.js';
import { isReplayed } from './replay/replayed.js';
import type { RunRecord } from './run-record.js';
import type { Job, Shard } from './shard.js';
import { SubjectsAhead } from './subjects-ahead.js';
import { leaseMarginMs } from './timing.js';

/** The requests of a run that are under way: starts them, and notes what became of them. */
export class Sending {
  /** What was read of customers together with their events. */
  readonly ahead = new SubjectsAhead();
  private readonly deliveries = new Set<Promise<void>>();
  private readonly abort = new AbortController();

  /** `ended` is called after each, with what it threw or null; a failed delivery is no error. */
  constructor(
    private readonly hub: Dispatch,
    private readonly lease: Lease,
    private readonly record: RunRecord,
    private readonly ended: (error: Error | null) => void,
  ) {}

  get underWay(): number {
    return this.deliveries.size;
  }

  /** Starts jobs, for each of which a slot was taken. @throws LeaseLost, or what the database threw. */
  async start(shard: Shard, jobs: readonly Job[]): Promise<void> {
    let unstarted = jobs.length;
    const begin = (prepared: PreparedJob) => {
      unstarted -= 1;
      this.begin(shard, prepared);
    };
    try {
      if (jobs.length > 0) await this.keepLease();
      const late = jobs.filter((job) => {
        const prepared = this.ahead.prepare(shard.endpoint, job, performance.now());
        if (prepared) begin(prepared);
        return !prepared;
      });
      if (late.length === 0) return;
      const { ownerId } = this.lease.claim;
      const place = { ownerId, endpoint: shard.endpoint, leavers: this.record.leavers };
      const prepared = await this.hub.db.asSystem((sql) => prepareJobs(sql, place, late, this.hub.time.now()));
      this.ahead.outdate(
        late.map(({ customerId }) => customerId),
        performance.now(),
      );
      await this.keepLease();
      prepared.forEach(begin);
    } catch (error) {
      this.hub.slots.free += unstarted;
      throw error;
    }
  }

  /** Cuts off what is under way: it counts as not sent, unless it had succeeded. */
  cutOff(): void {
    this.abort.abort();
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.deliveries);
  }

  /** Until a request has ended nobody else may hold the shard. */
  private async keepLease(): Promise<void> {
    const { db, time, timing } = this.hub;
    if (this.lease.remainingMs() < leaseMarginMs(timing)) await this.lease.renew(db, time);
  }

  private begin(shard: Shard, prepared: PreparedJob): void {
    const end = (error: Error | null) => {
      this.hub.slots.free += 1;
      this.deliveries.delete(delivery);
      this.ended(error);
    };
    const delivery = this.deliver(shard, prepared).then(() => end(null), end);
    this.deliveries.add(delivery);
  }

  private async deliver(shard: Shard, prepared: PreparedJob): Promise<void> {
    const { job, event } = prepared;
    if (!event) return drop(shard, job);
    const at = this.hub.time.now();
    if (prepared.judgement === 'PASS') return shard.passOver(job, event, at);
    const { ownerId } = this.lease.claim;
    const left = prepared.judgement === 'SEND_LEFT';
    const { signal } = this.abort;
    const limits = { deadlineMs: this.hub.timing.deadlineMs, signal };
    const delivery = { ownerId, event, subject: prepared.subject, at, left, replayed: isReplayed(job, event) };
    const attempted = await attemptDelivery(this.hub, shard.endpoint, delivery, limits);
    if (signal.aborted && !attempted.result.ok) return shard.lanes.release(job.customerId); // the hub's own doing
    this.record.note(shard, { job, event, left }, attempted, at);
  }
}

function drop(shard: Shard, job: Job): void {
  if (job.parked) shard.settleEmpty(job.customerId, job.parked);
  job.replay?.window.finish(job.replay.items, 'skipped');
}
