import type { Database } from '../database/database.js';
import type { Log } from '../log.js';
import { Loop } from '../loop.js';

const pollMs = 250;

interface Waiter {
  ownerId: string;
  after: bigint;
  resolve: () => void;
}

/**
 * Tells waiting readers of this process that their owner's feed has grown: one small query for all of them, when
 * woken by a notification and every 250 ms anyway. Readers read the feed themselves, so a slow one holds up nobody.
 */
export class FeedTail {
  private readonly waiters = new Set<Waiter>();
  private readonly loop: Loop;

  constructor(
    private readonly db: Database,
    log: Log,
  ) {
    this.loop = new Loop({
      pauseMs: pollMs,
      run: () => this.look(),
      failed: (error) => log('error', 'the feed cannot be read, will try again', { part: 'feed', error }),
    });
  }

  start(): void {
    this.loop.start();
  }

  wake(): void {
    this.loop.wake();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    for (const waiter of this.waiters) waiter.resolve();
    this.waiters.clear();
  }

  /** How many readers are waiting for their feed to grow. */
  get waiting(): number {
    return this.waiters.size;
  }

  /** Resolves when the owner's feed may have events after the position, or when the signal is given. */
  grown(ownerId: string, after: bigint, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.waiters.delete(waiter);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const waiter: Waiter = { ownerId, after, resolve: done };
      signal.addEventListener('abort', done, { once: true });
      this.waiters.add(waiter);
    });
  }

  private async look(): Promise<boolean> {
    if (this.waiters.size === 0) return false;
    const owners = [...new Set([...this.waiters].map((waiter) => waiter.ownerId))];
    const heads = await this.db.asSystem((sql) =>
      sql.rows<{ ownerId: string; lastPos: string }>(
        '/* lookAtFeed */ SELECT owner_id AS "ownerId", last_pos AS "lastPos" FROM feed_head WHERE owner_id = ANY ($1::bigint[])',
        [owners],
      ),
    );
    const last = new Map(heads.map((head) => [head.ownerId, BigInt(head.lastPos)]));
    for (const waiter of [...this.waiters]) if ((last.get(waiter.ownerId) ?? 0n) > waiter.after) waiter.resolve();
    return false;
  }
}
