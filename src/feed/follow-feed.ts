import type { Hub } from '../hub.js';
import type { CustomerEvent } from './customer-event.type.js';
import { eventsAfter, everything, passes, type EventFilter } from './events-after.js';
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
 * The owner's events after a position, for ever: pulled as fast as the client takes them, from what the process has in
 * memory for all its subscribers, or from the feed for one who is further behind. So a slow client costs one batch of
 * memory and no more. Ends when the signal is given. @throws Refusal CURSOR_EXPIRED when it fell too far behind
 */
export async function* followFeed(
  hub: Hub,
  ownerId: string,
  start: bigint,
  filter: EventFilter,
  signal: AbortSignal,
): AsyncGenerator<CustomerEvent, void, undefined> {
  const stream = await hub.tail.open(ownerId);
  try {
    for (let after = start; !signal.aborted;) {
      const live = stream.after(after, batch);
      if (live?.length === 0) {
        await stream.grown(after, signal);
        continue;
      }
      const events = live ?? (await readBehind(hub, ownerId, after));
      for (const event of events) {
        if (signal.aborted) return;
        if (passes(event, filter)) yield event;
        after = event.pos;
      }
    }
  } finally {
    hub.tail.close(stream);
  }
}

/** The next events from the database; there are some, for the stream has gone past them. */
function readBehind(hub: Hub, ownerId: string, after: bigint) {
  return hub.db.asOwner(ownerId, async (sql) => {
    const { events } = await eventsAfter(sql, hub.cursors, ownerId, after, batch, everything);
    demandLive(after, await feedBounds(sql, ownerId));
    return events;
  });
}
