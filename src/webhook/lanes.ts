import type { FeedEvent } from '../feed/feed-event.js';

/**
 * The unsent events of a shard, one lane per customer: within a lane one request at a time in the feed's order, lanes
 * are independent (D4). A lane's events stay until they are delivered, so a failed one is still where it was.
 */
export class Lanes {
  private readonly queues = new Map<string, FeedEvent[]>();
  private readonly busy = new Set<string>();

  get isEmpty(): boolean {
    return this.queues.size === 0;
  }

  push(event: FeedEvent): void {
    const queue = this.queues.get(event.customerId);
    if (queue) queue.push(event);
    else this.queues.set(event.customerId, [event]);
  }

  /** The customer with the oldest lane that is not busy. */
  nextCustomer(): string | null {
    for (const customerId of this.queues.keys()) if (!this.busy.has(customerId)) return customerId;
    return null;
  }

  waiting(customerId: string): readonly FeedEvent[] {
    return this.queues.get(customerId) ?? [];
  }

  customers(): string[] {
    return [...this.queues.keys()];
  }

  /** Takes the first `count` events of a lane out. */
  remove(customerId: string, count: number): FeedEvent[] {
    const queue = this.queues.get(customerId) ?? [];
    const removed = queue.splice(0, count);
    if (queue.length === 0) this.queues.delete(customerId);
    return removed;
  }

  /** While a customer is held, no other request of this customer starts, be it from its lane or a retry. */
  hold(customerId: string): void {
    this.busy.add(customerId);
  }

  release(customerId: string): void {
    this.busy.delete(customerId);
  }

  isHeld(customerId: string): boolean {
    return this.busy.has(customerId);
  }
}
