import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FeedRun, type RunHub } from './feed-run.js';
import { defaultTiming, type FeedTiming } from './feed-timing.js';
import { runById } from './find-feeds.js';
import type { GuestFeedRun } from './guest-feed-run.entity.js';
import { claimRun, takeRunOver, type RunClaim } from './run-claim.js';

const pollMs = 250;

/** The runs of this process, whoever asked for them: the schedule, or a caller. */
export class GuestFeedRunner {
  readonly timing: FeedTiming;
  /** By the id of the run. */
  private readonly underWay = new Map<string, { run: FeedRun; ended: Promise<void> }>();
  private halted = false;

  constructor(
    private readonly hub: RunHub,
    timing: Partial<FeedTiming> = {},
  ) {
    this.timing = { ...defaultTiming, ...timing };
  }

  /** How many are under way. */
  get count(): number {
    return this.underWay.size;
  }

  /** Goes on with a run that was claimed at `claimedAt` (`performance.now()`, before the statement was sent). */
  start(claim: RunClaim, claimedAt: number): void {
    const run = new FeedRun(this.hub, claim, this.timing, claimedAt);
    if (this.halted) run.halt(); // it gives the claim back
    const ended = run.perform().finally(() => this.underWay.delete(claim.runId));
    this.underWay.set(claim.runId, { run, ended });
  }

  /**
   * Runs a feed at once and gives the run when it has ended; where one is under way, in whatever process, that one. A
   * long run is given as it is after 30 s, and goes on. `db`: where it is begun, if not the runner's. @throws Rejected NOT_FOUND
   */
  async runNow(ownerId: string, feedId: string, db = this.hub.db): Promise<GuestFeedRun> {
    const patientUntil = performance.now() + this.timing.patienceMs;
    const runId = await this.begin(db, ownerId, feedId);
    for (;;) {
      await Promise.race([this.underWay.get(runId)?.ended, sleep(pollMs)].filter((wait) => wait !== undefined));
      const run = await this.hub.db.asOwner(ownerId, (sql) => runById(sql, ownerId, runId));
      if (run.finishedAt || this.halted || performance.now() > patientUntil) return run;
      if (!this.underWay.has(runId)) await this.adopt({ ownerId, feedId, runId });
    }
  }

  /** Begins no further request. */
  halt(): void {
    this.halted = true;
    for (const { run } of this.underWay.values()) run.halt();
  }

  /** Within 10 s: requests under way are ended, their outcomes noted, the runs left to whoever goes on. */
  async stop(): Promise<void> {
    this.halt();
    await Promise.all([...this.underWay.values()].map(({ ended }) => ended));
  }

  private async begin(db: RunHub['db'], ownerId: string, feedId: string): Promise<string> {
    const lease = this.newLease();
    const claimedAt = performance.now();
    const at = this.hub.clock.at();
    const { runId, mine } = await db.asOwner(ownerId, (sql) => claimRun(sql, { ownerId, feedId }, { ...lease, at }));
    if (mine) this.start({ ownerId, feedId, runId, lease: lease.lease }, claimedAt);
    return runId;
  }

  /** Goes on with a run of another process, once that one is gone. */
  private async adopt(run: Omit<RunClaim, 'lease'>): Promise<void> {
    const lease = this.newLease();
    const claimedAt = performance.now();
    const mine = await this.hub.db.asOwner(run.ownerId, (sql) => takeRunOver(sql, run, lease));
    if (mine) this.start({ ...run, lease: lease.lease }, claimedAt);
  }

  private newLease(): { lease: string; leaseMs: number } {
    return { lease: randomUUID(), leaseMs: this.timing.leaseMs };
  }
}
