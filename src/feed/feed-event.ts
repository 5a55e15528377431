import type { Sql } from '../database/database.js';
import { Refusal } from '../errors.js';
import type { EventDelivery } from '../event-delivery.js';

/** One entry of the feed: which customer changed, to which version, why. No personal data. */
export interface FeedEvent {
  pos: bigint;
  customerId: string;
  version: number;
  reasons: string[];
  origin: string | null;
  occurredAt: Date;
  /** Null: webhooks are told as each endpoint's mode says. Left out by readers that are asked for the event by itself. */
  delivery?: EventDelivery | null;
}

type Reads = Pick<Sql, 'rows'>;

/** Up to `limit` events after a position, in order. Positions are dense, so the last one is the next `after`. */
export async function feedAfter(sql: Reads, ownerId: string, after: bigint, limit: number): Promise<FeedEvent[]> {
  const rows = await sql.rows<Omit<FeedEvent, 'pos'> & { pos: string }>(
    `/* feedAfter */ SELECT pos, customer_id AS "customerId", version, reasons, origin, occurred_at AS "occurredAt", delivery FROM feed
     WHERE owner_id = $1 AND pos > $2 ORDER BY pos LIMIT $3`,
    [ownerId, after.toString(), limit],
  );
  return rows.map((row) => ({ ...row, pos: BigInt(row.pos) }));
}

/** The feed's first and last position; `last` is 0 before the first event. */
export async function feedBounds(sql: Reads, ownerId: string): Promise<{ first: bigint; last: bigint }> {
  const [head] = await sql.rows<{ first: string; last: string }>(
    '/* feedBounds */ SELECT min_pos AS first, last_pos AS last FROM feed_head WHERE owner_id = $1',
    [ownerId],
  );
  return { first: BigInt(head!.first), last: BigInt(head!.last) };
}

/** @throws Refusal CURSOR_EXPIRED when events after the position are gone, or it is ahead of the feed (a restored backup) */
export function demandLive(after: bigint, bounds: { first: bigint; last: bigint }): void {
  if (after + 1n >= bounds.first && after <= bounds.last) return;
  throw new Refusal(
    'CURSOR_EXPIRED',
    'after: the feed does not reach back to this cursor; read the customers anew and go on from a new cursor',
  );
}
