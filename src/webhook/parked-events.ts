import { EventReason } from '../event-reason.js';
import type { Sql } from '../database/database.js';
import type { FeedEvent } from '../feed/feed-event.js';
import { eventParameters, passingEvents, type DeliveryFilter } from './delivery-rules.js';
import type { Parked } from './parked.js';

/**
 * Of each parked customer the event to send next, by customer: the oldest that waits, or (mode LATEST) the newest, with
 * the reasons of all that it is sent for. Oldest ones that may be folded are one. Only events that pass the endpoint's rules
 * for events; a customer without any is missing.
 */
export async function nextParkedEvents(
  sql: Sql,
  ownerId: string,
  parked: readonly Parked[],
  endpoint: DeliveryFilter & { mode: 'EVERY' | 'LATEST' },
): Promise<Map<string, FeedEvent>> {
  const { mode } = endpoint;
  const waiting = `owner_id = $1 AND customer_id = p.id AND pos BETWEEN p.first_pos AND p.last_pos
    AND ${passingEvents('$5', '$6', '$7')}`;
  const rows = await sql.rows<Omit<FeedEvent, 'pos' | 'delivery'> & { pos: string; all: string[]; summary: boolean }>(
    `/* nextParkedEvents */
     SELECT next.*, told.* FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS p (id, first_pos, last_pos)
     CROSS JOIN LATERAL (
       SELECT pos, customer_id AS "customerId", version, reasons, origin, occurred_at AS "occurredAt"
       FROM (SELECT *, delivery = 'LATEST' AND lead(delivery) OVER (ORDER BY pos) = 'LATEST' AS folds
             FROM feed WHERE ${waiting}) AS waiting
       ${mode === 'EVERY' ? 'WHERE folds IS NOT TRUE ORDER BY pos ASC' : 'ORDER BY pos DESC'} LIMIT 1) next
     CROSS JOIN LATERAL (
       SELECT array_agg(DISTINCT reason) AS all, bool_and(delivery IS NOT DISTINCT FROM 'SUMMARY') AS summary
       FROM feed, unnest(reasons) AS reason WHERE ${waiting} AND pos <= next.pos) told`,
    [
      ownerId,
      parked.map((customer) => customer.customerId),
      parked.map((customer) => customer.firstPos.toString()),
      parked.map((customer) => customer.lastPos.toString()),
      ...eventParameters(endpoint),
    ],
  );
  return new Map(
    rows.map(({ all, summary, ...row }) => {
      const reasons = all.length === row.reasons.length ? row.reasons : unitedReasons(all, row.reasons);
      return [row.customerId, { ...row, reasons, pos: BigInt(row.pos), delivery: summary ? 'SUMMARY' : null }];
    }),
  );
}

/** Of waiting events how many of the oldest go out as one request in mode EVERY: those of batches that ask for it. */
export function foldable(events: readonly FeedEvent[]): number {
  const end = events.findIndex(({ delivery }) => delivery !== 'LATEST');
  return Math.max(1, end === -1 ? events.length : end);
}

/** Many events told as their newest: the reasons of all, but of being visible only what holds now. */
export function newestOf(events: readonly FeedEvent[]): FeedEvent {
  const newest = events.at(-1)!;
  const delivery = events.every((event) => event.delivery === 'SUMMARY') ? 'SUMMARY' : null;
  return {
    ...{ ...newest, delivery },
    reasons: unitedReasons([...new Set(events.flatMap((event) => event.reasons))], newest.reasons),
  };
}

const visibility = new Set<string>([EventReason.EXCLUDED, EventReason.INCLUDED, EventReason.ERASED]);

function unitedReasons(all: readonly string[], newest: readonly string[]): string[] {
  return all.filter((reason) => !visibility.has(reason) || newest.includes(reason));
}
