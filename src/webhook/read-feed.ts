import { EventReason } from '../event-reason.js';
import type { Sql } from '../database/database.js';
import { eventOf, feedColumns, type FeedEvent, type FeedRow } from './feed-event.js';
import type { Parked } from './parked.js';

/** Up to `limit` events of an owner's feed after a position, in the feed's order; positions are dense. */
export async function readFeed(sql: Sql, ownerId: string, after: bigint, limit: number): Promise<FeedEvent[]> {
  const rows = await sql.rows<FeedRow>(
    `/* readFeed */ SELECT ${feedColumns} FROM feed WHERE owner_id = $1 AND pos > $2 ORDER BY pos LIMIT $3`,
    [ownerId, after.toString(), limit],
  );
  return rows.map(eventOf);
}

/**
 * Of each parked customer the event to send next, by customer: the oldest that waits, or (mode LATEST) the newest, with
 * the reasons of all. `reasons`: the endpoint's filter. A customer without any such event is missing.
 */
export async function nextParkedEvents(
  sql: Sql,
  ownerId: string,
  parked: readonly Parked[],
  { mode, reasons }: { mode: 'EVERY' | 'LATEST'; reasons: readonly string[] | null },
): Promise<Map<string, FeedEvent>> {
  const waiting = `owner_id = $1 AND customer_id = p.id AND pos BETWEEN p.first_pos AND p.last_pos
    AND ($5::text[] IS NULL OR reasons && $5)`;
  const rows = await sql.rows<FeedRow & { all: EventReason[] }>(
    `/* nextParkedEvents */
     SELECT next.*, (SELECT array_agg(DISTINCT reason) FROM feed, unnest(reasons) AS reason WHERE ${waiting}) AS all
     FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS p (id, first_pos, last_pos)
     CROSS JOIN LATERAL (
       SELECT ${feedColumns} FROM feed WHERE ${waiting} ORDER BY pos ${mode === 'EVERY' ? 'ASC' : 'DESC'} LIMIT 1) next`,
    [
      ownerId,
      parked.map((customer) => customer.customerId),
      parked.map((customer) => customer.firstPos.toString()),
      parked.map((customer) => customer.lastPos.toString()),
      reasons,
    ],
  );
  return new Map(
    rows.map(({ all, ...row }) => {
      const event = eventOf(row);
      return [event.customerId, mode === 'EVERY' ? event : { ...event, reasons: unitedReasons(all, event.reasons) }];
    }),
  );
}

/** Many events told as their newest (mode LATEST): the reasons of all, but of being visible only what holds now. */
export function newestOf(events: readonly FeedEvent[]): FeedEvent {
  const newest = events.at(-1)!;
  return { ...newest, reasons: unitedReasons([...new Set(events.flatMap((event) => event.reasons))], newest.reasons) };
}

const visibility = new Set([EventReason.EXCLUDED, EventReason.INCLUDED, EventReason.ERASED]);

function unitedReasons(all: readonly EventReason[], newest: readonly EventReason[]): EventReason[] {
  return all.filter((reason) => !visibility.has(reason) || newest.includes(reason));
}
