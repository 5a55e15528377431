import { EventReason } from '../event-reason.js';
import type { StreamedEvent } from './events-after.js';

/** The events of one owner that this process has read last, about 2 kB each. Beyond them a reader reads the feed itself. */
const mostKept = 1_000;

/**
 * The live end of one owner's feed on this process, read once for all subscribers. Holds the last events in memory and
 * tells who waits; a reader that has fallen out of it reads the feed in the database until it has caught up.
 */
export class OwnerStream {
  /** Subscribers that have it open. */
  readers = 0;
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
    if (events.length > 0) this.wakeAll();
  }

  /** Up to `limit` events behind a position; null when they are not all in memory any more. */
  after(pos: bigint, limit: number): StreamedEvent[] | null {
    if (pos >= this.last) return [];
    const first = this.kept[0]?.pos;
    if (first === undefined || pos + 1n < first) return null;
    const from = Number(pos + 1n - first); // positions are dense
    return this.kept.slice(from, from + limit);
  }

  /** Resolves when there is something behind the position, or when the signal is given. */
  grown(pos: bigint, signal: AbortSignal): Promise<void> {
    if (signal.aborted || pos < this.last) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.waiters.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      this.waiters.add(done);
    });
  }

  wakeAll(): void {
    for (const done of [...this.waiters]) done();
  }

  /** An excluded or erased customer is shown to nobody from that moment on, slow readers included (A44). */
  private hide(customerId: string): void {
    for (const event of this.kept) if (event.customerId === customerId) event.snapshot = null;
  }
}

const hiding = [EventReason.EXCLUDED, EventReason.ERASED];
