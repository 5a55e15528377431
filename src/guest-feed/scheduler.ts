import { randomUUID } from 'node:crypto';
import { Loop } from '../loop.js';
import { followTimeZones, startDueRuns } from './due-feeds.js';
import type { RunHub } from './feed-run.js';
import { takeRunsOver } from './run-claim.js';
import type { GuestFeedRunner } from './runner.js';

const runsAtOnce = 32;
const zonePauseMs = 3_000;

/**
 * Starts the runs that are due (C4) and goes on with those whose process is gone. Any number of processes may run one;
 * PostgreSQL's clock decides what is due.
 */
export class GuestFeedScheduler {
  private readonly loops: Loop[];

  constructor(
    private readonly hub: RunHub,
    private readonly runner: GuestFeedRunner,
  ) {
    const failed = (error: unknown) => hub.log('error', 'guest-feed.schedule.failed', { part: 'feeds', error });
    const followZones = async () => {
      await hub.db.asSystem((sql) => followTimeZones(sql, hub.clock.at()));
      return false;
    };
    this.loops = [
      new Loop({ pauseMs: runner.timing.pollMs, run: () => this.look(), failed }),
      new Loop({ pauseMs: zonePauseMs, run: followZones, failed }),
    ];
  }

  start(): void {
    for (const loop of this.loops) loop.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  /** True when there may be more to start at once. */
  private async look(): Promise<boolean> {
    const free = runsAtOnce - this.runner.count;
    if (free <= 0) return false;
    const lease = { lease: randomUUID(), leaseMs: this.runner.timing.leaseMs };
    const claimedAt = performance.now();
    const { claims, due } = await this.hub.db.asSystem(async (sql) => {
      const left = await takeRunsOver(sql, free, lease);
      if (left.length === free) return { claims: left, due: 0 };
      const started = await startDueRuns(sql, free - left.length, { ...lease, at: this.hub.clock.at() });
      return { claims: [...left, ...started.claims], due: started.due };
    });
    for (const claim of claims) this.runner.start(claim, claimedAt);
    return due > 0;
  }
}
