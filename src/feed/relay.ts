import type { Database } from '../database/database.js';
import type { Log } from '../log.js';
import { Loop } from '../loop.js';
import { moveOutbox } from './move-outbox.js';
import { ensurePartitions, prunePartitions } from './partitions.js';

const pollMs = 200;
const partitionCheckMs = 3_600_000;
const noPartition = '23514'; // check_violation: no partition of relation found for row

/**
 * Carries events from the outbox to the feed. Every process may run one: who holds an owner's lock moves, the others
 * find nothing to do. Killed in the middle, its transaction is undone and the next one moves the same events.
 */
export class Relay {
  private readonly loop: Loop;
  private partitionsCheckedAt = 0;

  constructor(
    private readonly db: Database,
    private readonly log: Log,
    /** Events are in the feed: its own process is told at once, the others by a notification, which says who sent it. */
    private readonly own: { process: string; moved: () => void } = { process: '', moved: () => undefined },
  ) {
    this.loop = new Loop({
      pauseMs: pollMs,
      run: () => this.move(),
      failed: (error) => log('error', 'relay failed, will try again', { part: 'relay', error }),
    });
  }

  start(): void {
    this.loop.start();
  }

  wake(): void {
    this.loop.wake();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async move(): Promise<boolean> {
    if (Date.now() - this.partitionsCheckedAt > partitionCheckMs) await this.checkPartitions();
    const moved = await this.db.asSystem(moveOutbox).catch(async (error: unknown) => {
      if ((error as { code?: string }).code !== noPartition) throw error;
      await this.checkPartitions(); // the process was asleep for days
      return this.db.asSystem(moveOutbox);
    });
    if (moved === 0) return false;
    this.own.moved();
    await this.db.dataSource.query(`/* tellFeed */ SELECT pg_notify('stamdata_feed', $1)`, [this.own.process]);
    return true;
  }

  private async checkPartitions(): Promise<void> {
    await ensurePartitions(this.db.dataSource);
    await prunePartitions(this.db.dataSource).catch((error: unknown) =>
      this.log('warn', 'old events cannot be dropped right now', { part: 'relay', error }),
    );
    this.partitionsCheckedAt = Date.now();
  }
}
