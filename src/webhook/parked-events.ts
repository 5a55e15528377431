import { EventReason } from '../event-reason.js';
import type { Sql } from '../database/database.js';
import type { FeedEvent } from '../feed/feed-event.js';
import { eventParameters, passingEvents, type DeliveryFilter } from './delivery-rules.js';
import type { Parked } from './parked.js';

/**
 * Of each parked customer the event to send next, by customer: the oldest that waits, or (mode LATEST) the newest, with
 * the reasons of all. Only events that pass the endpoint's rules for events; a customer without any is missing.
 */
export async function nextParkedEvents(
  sql: Sql,
  ownerId: string,
  parked: readonly Parked[],
  endpoint: DeliveryFilter & { mode: 'EVERY' | 'LATEST' },
): Promise<Map<string, FeedEvent>> {
  const { mode } = endpoint;
  const waiting = `owner_id = $1 AND customer_id = p.id AND pos BETWEEN p.first_pos AND p.last_pos
    AND ${passingEvents('$5', '$6')}`;
  const rows = await sql.rows<Omit<FeedEvent, 'pos'> & { pos: string; all: string[] }>(
    `/* nextParkedEvents */
     SELECT next.*, (SELECT array_agg(DISTINCT reason) FROM feed, unnest(reasons) AS reason WHERE ${waiting}) AS all
     FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS p (id, first_pos, last_pos)
     CROSS JOIN LATERAL (
       SELECT pos, customer_id AS "customerId", version, reasons, origin, occurred_at AS "occurredAt" FROM feed WHERE ${waiting} ORDER BY pos ${mode === 'EVERY' ? 'ASC' : 'DESC'} LIMIT 1) next`,
    [
      ownerId,
      parked.map((customer) => customer.customerId),
      parked.map((customer) => customer.firstPos.toString()),
      parked.map((customer) => customer.lastPos.toString()),
      ...eventParameters(endpoint),
    ],
  );
  return new Map(
    rows.map(({ all, ...row }) => {
      const event = { ...row, pos: BigInt(row.pos) };
      return [event.customerId, mode === 'EVERY' ? event : { ...event, reasons: unitedReasons(all, event.reasons) }];
    }),
  );
}

/** Many events told as their newest (mode LATEST): the reasons of all, but of being visible only what holds now. */
export function newestOf(events: readonly FeedEvent[]): FeedEvent {
  const newest = events.at(-1)!;
  return { ...newest, reasons: unitedReasons([...new Set(events.flatMap((event) => event.reasons))], newest.reasons) };
}

const visibility = new Set<string>([EventReason.EXCLUDED, EventReason.INCLUDED, EventReason.ERASED]);

function unitedReasons(all: readonly string[], newest: readonly string[]): string[] {
  return all.filter((reason) => !visibility.has(reason) || newest.includes(reason));
}
