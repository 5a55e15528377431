import type { Database, Sql } from '../database/database.js';
import type { Log } from '../log.js';
import { Loop } from '../loop.js';
import type { Cursors } from './cursor.js';
import { eventsAfter, everything } from './events-after.js';
import { feedBounds } from './feed-event.js';
import { OwnerStream } from './owner-stream.js';

const pollMs = 250;
const batch = 1_000;

/**
 * Reads the feed of every owner that has subscribers on this process, once for all of them: when woken by a
 * notification, and every 250 ms anyway. Subscribers take from memory, and a slow one holds up nobody.
 */
export class FeedTail {
  private readonly streams = new Map<string, OwnerStream>();
  private readonly loop: Loop;

  constructor(
    private readonly db: Database,
    private readonly cursors: Cursors,
    log: Log,
  ) {
    this.loop = new Loop({
      pauseMs: pollMs,
      run: () => this.read(),
      failed: (error) => log('error', 'the feed cannot be read, will try again', { part: 'feed', error }),
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

  /** How many readers are waiting for their feed to grow. */
  get waiting(): number {
    return [...this.streams.values()].reduce((sum, stream) => sum + stream.waiting, 0);
  }

  /** The live end of an owner's feed, to be given back by `close`. */
  async open(ownerId: string): Promise<OwnerStream> {
    const known = this.streams.get(ownerId);
    const stream = known ?? new OwnerStream(ownerId, await this.endOf(ownerId));
    const shared = this.streams.get(ownerId) ?? stream; // another subscriber may have been faster
    this.streams.set(ownerId, shared);
    shared.readers++;
    return shared;
  }

  close(stream: OwnerStream): void {
    if (--stream.readers === 0) this.streams.delete(stream.ownerId);
  }

  private async endOf(ownerId: string): Promise<bigint> {
    return (await this.db.asOwner(ownerId, (sql) => feedBounds(sql, ownerId))).last;
  }

  /** One look for all owners, then what is new of each. Gives true when there is more. */
  private async read(): Promise<boolean> {
    if (this.streams.size === 0) return false;
    return this.db.asSystem(async (sql) => {
      const grown = await sql.rows<{ ownerId: string }>(
        `/* grownFeeds */ SELECT h.owner_id AS "ownerId" FROM unnest($1::bigint[], $2::bigint[]) AS read (owner_id, pos)
         JOIN feed_head h ON h.owner_id = read.owner_id WHERE h.last_pos > read.pos`,
        [[...this.streams.keys()], [...this.streams.values()].map((stream) => stream.readTo.toString())],
      );
      let more = false;
      for (const { ownerId } of grown) more = (await this.readOwner(sql, ownerId)) || more;
      return more;
    });
  }

  private async readOwner(sql: Sql, ownerId: string): Promise<boolean> {
    const stream = this.streams.get(ownerId);
    if (!stream) return false; // its last reader has left meanwhile
    const { events, drained } = await eventsAfter(sql, this.cursors, ownerId, stream.readTo, batch, everything);
    stream.add(events);
    return !drained;
  }
}
