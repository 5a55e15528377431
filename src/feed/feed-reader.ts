import type { Hub } from '../hub.js';
import type { CustomerEvent } from './customer-event.type.js';
import { eventsAfter, everything, passes, type EventFilter, type StreamedEvent } from './events-after.js';
import { demandLive, feedBounds } from './feed-event.js';
import type { FeedPage } from './feed-pages.js';
import type { OwnerStream } from './owner-stream.js';

/** Of the feed, for one who is behind. */
const pageSize = 100n;

type Step = IteratorResult<CustomerEvent, undefined>;

/** Who takes events without asking for each. Only while `next` waits for one, so that all leave in their order. */
export interface DirectTaker {
  /** @returns false when the event is to be given to who asked instead */
  take(event: CustomerEvent): boolean;
  /** There are no more for now. */
  flush(): void;
}

/**
 * The owner's events after a position, for ever: pulled as fast as the client takes them, from what the process has in
 * memory for all its subscribers, or from the feed for one who is further behind. So a slow client costs one batch of
 * memory and no more. Written without async functions: of the fan-out to 1,000 subscribers their promises were a third.
 */
export class FeedReader implements AsyncIterableIterator<CustomerEvent> {
  /** Who waits for the next event; one at a time, as `for await` asks. */
  private asked: { resolve: (step: Step) => void; reject: (error: unknown) => void } | null = null;
  /** Of one who is behind: what was read of the feed and not yet taken. */
  private behind: StreamedEvent[] = [];
  /** `pages.clears` when it was read. */
  private behindAsOf = 0;
  private ended = false;
  private taker: DirectTaker | null = null;

  private constructor(
    private readonly hub: Hub,
    private readonly stream: OwnerStream,
    private after: bigint,
    private readonly filter: EventFilter,
  ) {}

  /** @param after the position behind which to begin, see `startOf` */
  static async open(hub: Hub, ownerId: string, after: bigint, filter: EventFilter): Promise<FeedReader> {
    return new FeedReader(hub, await hub.tail.open(ownerId), after, filter);
  }

  /** From now on this one is offered each event first. */
  offerTo(taker: DirectTaker): void {
    this.taker = taker;
  }

  /** @throws Refusal CURSOR_EXPIRED when it fell too far behind */
  next(): Promise<Step> {
    if (this.ended) return Promise.resolve(last);
    return new Promise((resolve, reject) => {
      this.asked = { resolve, reject };
      this.serve();
    });
  }

  /** Takes effect at once, also while it waits: a client that leaves while nothing happens does not hold its place. */
  return(): Promise<Step> {
    this.end();
    return Promise.resolve(last);
  }

  throw(error: Error): Promise<Step> {
    this.end();
    return Promise.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Gives the next event to who waits for it, now or as soon as there is one. */
  private readonly serve = (): void => {
    if (!this.asked) return;
    for (let event = this.take(); event; event = this.take()) {
      this.after = event.pos;
      if (!passes(event, this.filter) || this.taker?.take(event)) continue;
      this.taker?.flush();
      return this.answer({ done: false, value: event });
    }
    this.taker?.flush();
    if (this.after >= this.stream.readTo) this.stream.wait(this.serve);
    else this.readBehind().then(this.serve, (error: unknown) => this.fail(error));
  };

  private take(): StreamedEvent | undefined {
    if (this.behindAsOf !== this.stream.pages.clears) this.behind = []; // read anew: somebody was hidden (A44)
    return this.behind.shift() ?? this.stream.next(this.after);
  }

  private answer(step: Step): void {
    const asked = this.asked;
    this.asked = null;
    asked?.resolve(step);
  }

  private fail(error: unknown): void {
    const asked = this.asked;
    this.asked = null; // not answered by the end
    this.end();
    asked?.reject(error);
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.stream.leave(this.serve);
    this.hub.tail.close(this.stream);
    this.answer(last);
  }

  /** The next events from the database; there are some, for the stream has gone past them. */
  private async readBehind(): Promise<void> {
    this.behindAsOf = this.stream.pages.clears;
    const begin = this.after - (this.after % pageSize);
    const isWhole = begin + pageSize <= this.stream.readTo;
    const { events, bounds } = isWhole
      ? await this.stream.pages.get(begin, () => this.readPage(begin))
      : await this.readPage(this.after);
    demandLive(this.after, bounds);
    this.behind = events.filter(({ pos }) => pos > this.after);
  }

  private readPage(after: bigint): Promise<FeedPage> {
    const { db, cursors } = this.hub;
    const { ownerId } = this.stream;
    return db.asOwner(ownerId, async (sql) => {
      const { events } = await eventsAfter(sql, cursors, ownerId, after, Number(pageSize), everything);
      return { events, bounds: await feedBounds(sql, ownerId) };
    });
  }
}

const last: Step = { done: true, value: undefined };

/**
 * Where a new subscription begins: behind its cursor, or at the end of the feed.
 * @throws Refusal BAD_USER_INPUT for a foreign or altered cursor, CURSOR_EXPIRED for one that is too old
 */
export async function startOf(hub: Hub, ownerId: string, cursor: string | null): Promise<bigint> {
  const after = cursor === null ? null : hub.cursors.decode(ownerId, cursor);
  const bounds = await hub.db.asOwner(ownerId, (sql) => feedBounds(sql, ownerId));
  if (after === null) return bounds.last;
  demandLive(after, bounds);
  return after;
}
