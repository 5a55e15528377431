import type { Sql } from '../../database/database.js';
import type { FeedEvent } from '../../feed/feed-event.js';
import type { Parked } from '../parked.js';
import { nextParkedEvents } from '../parked-events.js';
import { statesOf } from './read-states.js';

/**
 * Of each parked customer what to send next, by customer: an event, or the state that a replay could not deliver. So does
 * a customer whose events have left the feed while it waited for a replay: its state tells what they had told.
 */
export async function retriedEvents(
  sql: Sql,
  ownerId: string,
  parked: readonly Parked[],
  endpoint: Parameters<typeof nextParkedEvents>[3] & { minPos: bigint },
): Promise<Map<string, FeedEvent>> {
  if (parked.length === 0) return new Map();
  const events = await nextParkedEvents(sql, ownerId, parked, endpoint);
  const asState = parked.flatMap(({ customerId, firstPos, lastPos, replay }) =>
    replay && (replay.state || lastPos < endpoint.minPos)
      ? [{ customerId, before: firstPos, replayId: replay.id }]
      : [],
  );
  for (const state of await statesOf(sql, ownerId, asState)) events.set(state.customerId, state);
  return events;
}
