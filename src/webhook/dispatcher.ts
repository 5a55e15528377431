import { randomUUID } from 'node:crypto';
import { databaseClock, type Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Cursors } from '../feed/cursor.js';
import type { Log } from '../log.js';
import { Loop } from '../loop.js';
import type { Secret } from '../secret.js';
import type { AddressGuard } from './address-guard.js';
import { pruneDeliveries } from './attempt.js';
import { Breaker } from './breaker.js';
import { claimShards, type Claim } from './claim.js';
import { DatabaseTime } from './database-time.js';
import { DeliveryCounts } from './delivery-counts.js';
import type { Dispatch } from './dispatch.js';
import { pruneLastBodies } from './last-body.js';
import { Lease, LeaseLost } from './lease.js';
import { NoticeSender, pruneNotices } from './notice-sender.js';
import { Pace } from './pace.js';
import { pruneReplays } from './replay/find-replays.js';
import { endpointsToReshard, reshard } from './reshard.js';
import { ShardRun } from './shard-run.js';
import { pruneTallies } from './tally.js';
import { defaultTiming, type Timing } from './timing.js';

export interface DispatcherOptions {
  db: Database;
  secret: Secret;
  cursors: Cursors;
  guard: AddressGuard;
  log: Log;
  /** The hub's version, told in `user-agent`. */
  version: string;
  /** Decides what is due; leases run by PostgreSQL's clock whatever it tells. */
  clock?: Clock;
  random?: () => number;
  timing?: Partial<Timing>;
}

const maxRuns = 256;
const maxRequests = 500;
const hourMs = 3_600_000;

/**
 * Delivers the feed to the webhook endpoints (delivery-design B.6, B.7). Any number of processes may run one: each
 * leases the endpoints that have something to do, so that an endpoint is served by one of them at a time.
 */
export class Dispatcher {
  private readonly worker = randomUUID();
  private readonly hub: Dispatch;
  private readonly clock: Clock;
  private readonly runs = new Map<ShardRun, Promise<void>>();
  /** What is known of endpoints beyond what their cursors store, while it matters. */
  private readonly known = new Map<string, { breaker: Breaker; pace: Pace }>();
  private loops: { claims: Loop; prune: Loop; notices: NoticeSender } | null = null;
  /** What this process has done so far. */
  readonly counts = new DeliveryCounts();

  constructor(options: DispatcherOptions) {
    this.clock = options.clock ?? databaseClock;
    this.hub = {
      ...options,
      time: new DatabaseTime(this.clock),
      timing: { ...defaultTiming, ...options.timing },
      random: options.random ?? Math.random,
      slots: { free: maxRequests },
      counts: this.counts,
    };
  }

  start(): void {
    if (this.loops) return;
    const { log, timing } = this.hub;
    const failed = (what: string) => (error: unknown) => log('error', what, { part: 'webhooks', error });
    const claims = new Loop({
      pauseMs: timing.pollMs,
      run: () => this.claim(),
      failed: failed('webhook.claim.failed'),
    });
    const prune = new Loop({ pauseMs: hourMs, run: () => this.prune(), failed: failed('webhook.prune.failed') });
    const notices = new NoticeSender(this.hub, this.clock);
    this.loops = { claims, prune, notices };
    claims.start();
    prune.start();
    notices.start();
  }

  /** Within 10 s: requests under way are finished or ended, what became of them is written, the leases are given back. */
  async stop(): Promise<void> {
    const { loops } = this;
    if (!loops) return;
    const notices = loops.notices.stop();
    await Promise.all([loops.claims.stop(), loops.prune.stop()]);
    for (const run of this.runs.keys()) run.stop();
    await Promise.all([notices, ...this.runs.values()]);
    this.loops = null;
  }

  /** Hint that the feed has grown. Without it the next poll finds out. */
  wake(): void {
    this.loops?.claims.wake();
    for (const run of this.runs.keys()) run.wake();
  }

  /** True when there may be more to claim at once. */
  private async claim(): Promise<boolean> {
    const limit = maxRuns - this.runs.size;
    if (limit <= 0) return false;
    const sentAt = performance.now();
    const { leaseMs } = this.hub.timing;
    const { claims, outgrown } = await this.hub.db.asSystem(async (sql) => ({
      claims: await claimShards(sql, { worker: this.worker, limit, leaseMs, at: this.clock.at() }),
      outgrown: await endpointsToReshard(sql),
    }));
    for (const claim of claims) {
      this.hub.time.read(claim.now, sentAt);
      if (claim.stolen) this.counts.leaseSteals += 1;
      this.serve(claim, sentAt);
    }
    for (const place of outgrown) await reshard(this.hub.db, place);
    return claims.length === limit || claims.some(({ shards }) => shards > 1) || outgrown.length > 0;
  }

  private serve(claim: Claim, sentAt: number): void {
    const key = `${claim.endpointId}/${claim.shard}`;
    const known = this.known.get(key) ?? {
      breaker: new Breaker(this.hub.random, this.hub.timing.probeMs),
      pace: new Pace(),
    };
    this.known.set(key, known);
    known.breaker.restore(claim);
    const lease = new Lease(claim, this.worker, this.hub.timing.leaseMs, sentAt);
    const run = new ShardRun(this.hub, lease, known.breaker, known.pace);
    const { ownerId, endpointId } = claim;
    const ended = run
      .run()
      .catch((error: unknown) => {
        if (error instanceof LeaseLost) this.counts.fencedWrites += 1;
        if (error instanceof LeaseLost) this.hub.log('warn', 'webhook.lease.lost', { ownerId, endpointId });
        else this.hub.log('error', 'webhook.run.failed', { ownerId, endpointId, error });
      })
      .finally(() => {
        this.runs.delete(run);
        if (known.breaker.isCalm && known.pace.waitMs(performance.now()) === 0) this.known.delete(key);
        if (run.record.progressed) this.loops?.claims.wake(); // there may be more to do for it, or for one that waited for its place
      });
    this.runs.set(run, ended);
  }

  private async prune(): Promise<boolean> {
    await pruneDeliveries(this.hub.db, this.clock.at());
    await pruneLastBodies(this.hub.db, this.clock.at());
    await pruneReplays(this.hub.db, this.clock.at());
    await pruneNotices(this.hub.db, this.clock.at());
    await pruneTallies(this.hub.db, this.clock.at());
    return false;
  }
}
