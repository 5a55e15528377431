import type { Hub } from '../hub.js';
import type { CustomerEvent } from './customer-event.type.js';
import { eventsAfter, type EventFilter } from './events-after.js';
import { demandLive, feedBounds } from './feed-event.js';

const batch = 100;

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

/**
 * The owner's events after a position, for ever: pulled as fast as the client takes them, so a slow client costs one
 * batch of memory and no more. Ends when the signal is given. @throws Refusal CURSOR_EXPIRED when it fell too far behind
 */
export async function* followFeed(
  hub: Hub,
  ownerId: string,
  start: bigint,
  filter: EventFilter,
  signal: AbortSignal,
): AsyncGenerator<CustomerEvent, void, undefined> {
  let after = start;
  while (!signal.aborted) {
    const read = await hub.db.asOwner(ownerId, async (sql) => {
      const found = await eventsAfter(sql, hub.cursors, ownerId, after, batch, filter);
      if (found.readTo > after) demandLive(after, await feedBounds(sql, ownerId));
      return found;
    });
    for (const event of read.events) {
      if (signal.aborted) return;
      yield event;
    }
    after = read.readTo;
    if (read.drained) await hub.tail.grown(ownerId, after, signal);
  }
}
