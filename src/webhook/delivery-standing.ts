import type { Sql } from '../database/database.js';
import type { FeedEvent } from '../feed/feed-event.js';
import { isHandled, shardOf, type Handled } from './shard-slice.js';

/** Where a customer's newest event stands on its way to an endpoint. */
export interface Standing {
  /** Null: the feed (14 days) has none of this customer. */
  event: FeedEvent | null;
  /** Whether there is, or in those days was, such a customer. */
  known: boolean;
  /** Events between what its shard has done with and the newest one; 0: that has been passed. */
  ahead: number;
  breaker: { open: boolean; failSince: Date | null; probeAt: Date | null };
  /** What it had to be sent next has left the feed. */
  needsResync: boolean;
  /** Null: its last delivery succeeded, or there was none. */
  parked: ParkedStanding | null;
}

export interface ParkedStanding {
  state: 'RETRY' | 'DEAD';
  attempt: number;
  /** Of a dead one: when it died. */
  nextAt: Date;
  lastPos: bigint;
  lastStatus: number | null;
  lastError: string | null;
}

type Reads = Pick<Sql, 'rows'>;
interface Place {
  ownerId: string;
  endpointId: string;
}

/** Reads it in three statements. */
export async function standingOf(sql: Reads, place: Place, customerId: string): Promise<Standing> {
  const { known, ...event } = await newestEvent(sql, place.ownerId, customerId);
  const cursors = await cursorsOf(sql, place);
  const shards = cursors.length;
  const cursor = cursors[shardOf(customerId, shards)]!;
  const parked = await parkedOf(sql, place, customerId);
  const newest = event.pos === null ? null : { ...event, pos: BigInt(event.pos), customerId };
  const acked = BigInt(cursor.ackedPos);
  const slice = { shard: cursor.shard, shards, handled: cursor.handled };
  const passed = !newest || newest.pos <= acked || isHandled(slice, newest);
  return {
    event: newest,
    known,
    ahead: passed ? 0 : Number(newest.pos - acked),
    breaker: { open: cursor.open, failSince: cursor.failSince, probeAt: cursor.probeAt },
    needsResync: acked + 1n < BigInt(cursor.minPos),
    parked: parked && { ...parked, lastPos: BigInt(parked.lastPos) },
  };
}

type EventRow = Omit<FeedEvent, 'pos' | 'customerId'> & { pos: string | null; known: boolean };

async function newestEvent(sql: Reads, ownerId: string, customerId: string): Promise<EventRow> {
  const [row] = await sql.rows<EventRow>(
    `/* newestEvent */
     SELECT e.*, e.pos IS NOT NULL OR EXISTS (SELECT FROM customer WHERE owner_id = $1 AND id = $2) AS known
     FROM (SELECT) AS always LEFT JOIN LATERAL (
       SELECT pos, version, reasons, origin, occurred_at AS "occurredAt", delivery FROM feed
       WHERE owner_id = $1 AND customer_id = $2 ORDER BY pos DESC LIMIT 1) e ON true`,
    [ownerId, customerId],
  );
  return row!;
}

interface CursorRow {
  shard: number;
  ackedPos: string;
  handled: Handled[];
  open: boolean;
  failSince: Date | null;
  probeAt: Date | null;
  minPos: string;
}

const cursorsOf = (sql: Reads, { ownerId, endpointId }: Place): Promise<CursorRow[]> =>
  sql.rows<CursorRow>(
    `/* cursorsOf */
     SELECT c.shard, c.acked_pos AS "ackedPos", c.handled, c.breaker = 'OPEN' AS open, c.fail_since AS "failSince",
       c.probe_at AS "probeAt", h.min_pos AS "minPos"
     FROM webhook_cursor c JOIN feed_head h USING (owner_id)
     WHERE c.owner_id = $1 AND c.endpoint_id = $2 ORDER BY c.shard`,
    [ownerId, endpointId],
  );

async function parkedOf(
  sql: Reads,
  { ownerId, endpointId }: Place,
  customerId: string,
): Promise<(Omit<ParkedStanding, 'lastPos'> & { lastPos: string }) | null> {
  const [row] = await sql.rows<Omit<ParkedStanding, 'lastPos'> & { lastPos: string }>(
    `/* parkedOf */
     SELECT state, attempt, coalesce(next_at, clock_timestamp()) AS "nextAt", last_pos AS "lastPos",
       last_status AS "lastStatus", last_error AS "lastError"
     FROM webhook_parked WHERE owner_id = $1 AND endpoint_id = $2 AND customer_id = $3`,
    [ownerId, endpointId, customerId],
  );
  return row ?? null;
}
