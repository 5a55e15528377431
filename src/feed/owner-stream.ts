import { EventReason } from '../event-reason.js';
import type { StreamedEvent } from './events-after.js';
import { FeedPages } from './feed-pages.js';

/** The events of one owner that this process has read last, about 2 kB each. Beyond them a reader reads the feed itself. */
const mostKept = 1_000;
/** So many readers are woken in one turn of the event loop. */
const mostTogether = 32;

/**
 * The live end of one owner's feed on this process, read once for all subscribers. Holds the last events in memory and
 * tells who waits; a reader that has fallen out of it reads the feed in the database until it has caught up.
 */
export class OwnerStream {
  /** Subscribers that have it open. */
  readers = 0;
  /** For those that have fallen out of what is in memory. */
  readonly pages = new FeedPages();
  private kept: StreamedEvent[] = [];
  private readonly waiters = new Set<() => void>();

  /** `last`: the position that has been read to; what follows it comes by `add`. */
  constructor(
    readonly ownerId: string,
    private last: bigint,
  ) {}

  get readTo(): bigint {
    return this.last;
  }

  get waiting(): number {
    return this.waiters.size;
  }

  /** Takes the next events in, in their order. */
  add(events: StreamedEvent[]): void {
    for (const event of events) {
      if (hiding.some((reason) => event.reasons.includes(reason))) this.hide(event.customerId);
      this.kept.push(event);
    }
    if (this.kept.length > mostKept) this.kept = this.kept.slice(-mostKept);
    this.last = events.at(-1)?.pos ?? this.last;
    if (events.length > 0) this.wake();
  }

  /** The event that follows a position; undefined when it has not come yet, or is not in memory any more. */
  next(pos: bigint): StreamedEvent | undefined {
    const first = this.kept[0]?.pos;
    if (first === undefined || pos < first - 1n) return undefined;
    return this.kept[Number(pos - first) + 1]; // positions are dense
  }

  /** `grown` is called once, when something has come. */
  wait(grown: () => void): void {
    this.waiters.add(grown);
  }

  /** Takes the wish back. */
  leave(grown: () => void): void {
    this.waiters.delete(grown);
  }

  /**
   * Those who wait, a few in each turn of the event loop: the first have their event on the way while the last are
   * still to come, and requests get their turn in between.
   */
  private wake(woken = [...this.waiters], from = 0): void {
    for (const grown of woken.slice(from, from + mostTogether)) if (this.waiters.delete(grown)) grown();
    if (from + mostTogether < woken.length) setImmediate(() => this.wake(woken, from + mostTogether));
  }

  /** An excluded or erased customer is shown to nobody from that moment on, slow readers included (A44). */
  private hide(customerId: string): void {
    for (const event of this.kept) if (event.customerId === customerId) event.snapshot = null;
    this.pages.clear();
  }
}

const hiding = [EventReason.EXCLUDED, EventReason.ERASED];
