/** How many events past the acknowledged position may be open at once; also what a crash may send twice (D5). */
export const windowSize = 256;

/**
 * The events of a shard that were read and are not acknowledged: the acknowledged position follows the oldest one that is
 * not finished (delivered, filtered out or parked).
 */
export class EventWindow {
  /** Position → finished. A Map keeps the order of insertion, which is the feed's. */
  private readonly open = new Map<bigint, boolean>();
  readPos: bigint;
  private newestAttempt = -1n;

  constructor(public ackedPos: bigint) {
    this.readPos = ackedPos;
  }

  get room(): number {
    return windowSize - this.open.size;
  }

  get isEmpty(): boolean {
    return this.open.size === 0;
  }

  /** Positions come in the feed's order. */
  add(pos: bigint): void {
    this.open.set(pos, false);
    this.readPos = pos;
  }

  /** Notes that up to a position there is nothing more than what was added. */
  readTo(pos: bigint): void {
    if (pos <= this.readPos) return;
    this.add(pos);
    this.finish(pos);
  }

  finish(pos: bigint): void {
    if (!this.open.has(pos)) return;
    this.open.set(pos, true);
    for (const [oldest, finished] of this.open) {
      if (!finished) return;
      this.open.delete(oldest);
      this.ackedPos = oldest;
    }
  }

  /** Notes that an event was sent, and not only passed over. */
  attempted(pos: bigint): void {
    if (pos > this.newestAttempt) this.newestAttempt = pos;
  }

  /** The newest event that was sent but cannot be acknowledged, because an older one is open; null: there is none. */
  newestUnacknowledged(): bigint | null {
    return this.newestAttempt > this.ackedPos ? this.newestAttempt : null;
  }
}
