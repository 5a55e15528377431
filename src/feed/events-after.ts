import type { Sql } from '../database/database.js';
import type { EventReason } from '../event-reason.js';
import { snapshotsShown } from '../snapshot/snapshots-shown.js';
import type { Cursors } from './cursor.js';
import type { CustomerEvent } from './customer-event.type.js';
import { feedAfter, type FeedEvent } from './feed-event.js';

export interface EventFilter {
  /** Only these customers; null: all. */
  customers: ReadonlySet<string> | null;
  /** Only events with one of these reasons; null: all. */
  reasons: ReadonlySet<string> | null;
}

/** The filter that lets every event pass. */
export const everything: EventFilter = { customers: null, reasons: null };

/** An event with its snapshot, and its place in the feed. */
export type StreamedEvent = CustomerEvent & { pos: bigint };

export interface EventBatch {
  events: StreamedEvent[];
  /** Position of the last event that was read, whether it passed the filter or not. */
  readTo: bigint;
  /** Whether the feed had no more. */
  drained: boolean;
}

/** Reads up to `limit` entries of the feed and gives those that pass the filter, with the newest snapshots. */
export async function eventsAfter(
  sql: Sql,
  cursors: Cursors,
  ownerId: string,
  after: bigint,
  limit: number,
  filter: EventFilter,
): Promise<EventBatch> {
  const read = await feedAfter(sql, ownerId, after, limit);
  const passed = read.filter((event) => passes(event, filter));
  const ids = [...new Set(passed.map((event) => event.customerId))];
  const snapshots = ids.length > 0 ? await snapshotsShown(sql, ownerId, ids) : new Map<string, never>();
  return {
    events: passed.map((event) => ({
      ...event,
      reasons: event.reasons as EventReason[],
      cursor: cursors.encode(ownerId, event.pos),
      snapshot: snapshots.get(event.customerId) ?? null,
    })),
    readTo: read.at(-1)?.pos ?? after,
    drained: read.length < limit,
  };
}

/** Whether a subscriber wants an event. */
export function passes(event: Pick<FeedEvent, 'customerId' | 'reasons'>, { customers, reasons }: EventFilter): boolean {
  if (customers && !customers.has(event.customerId)) return false;
  return !reasons || event.reasons.some((reason) => reasons.has(reason));
}
