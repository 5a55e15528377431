import type { Sql } from '../database/database.js';
import { feedAfter, feedBounds, type FeedEvent } from '../feed/feed-event.js';
import { judgedCustomers, type JudgedCustomer } from './judged-customers.js';
import type { ServedEndpoint } from './served-endpoint.js';
import { shardSql, type ShardSlice } from './shard-slice.js';
import type { Leavers } from './told-customers.js';

/** A part of the feed as one shard reads it. */
export interface ShardEvents {
  /** Those of the shard's customers, in order. */
  events: FeedEvent[];
  /** Where the endpoint has conditions: the customers of the events as they are now. */
  customers: ReadonlyMap<string, JudgedCustomer>;
  /** All positions up to here were looked at. */
  readPos: bigint;
  /** Whether there are more. */
  more: boolean;
}

/**
 * Up to `limit` events of a shard's customers after a position; those of others cost a look and no place. Where there are
 * conditions, all customers are read at once, so that what is filtered out costs no request's turn.
 */
export async function shardEventsAfter(
  sql: Sql,
  place: { ownerId: string; endpoint: ServedEndpoint; leavers: Leavers },
  { shard, shards }: Pick<ShardSlice, 'shard' | 'shards'>,
  range: { after: bigint; limit: number; at: Date },
): Promise<ShardEvents> {
  const { ownerId, endpoint } = place;
  const { after, limit, at } = range;
  const last = shards === 1 ? after : (await feedBounds(sql, ownerId)).last;
  const events =
    shards === 1
      ? await feedAfter(sql, ownerId, after, limit)
      : await sliceAfter(sql, ownerId, { shard, shards }, { after, last, limit });
  const customerIds = endpoint.conditions ? [...new Set(events.map(({ customerId }) => customerId))] : [];
  const more = events.length === limit;
  const newest = events.at(-1)?.pos ?? after;
  return {
    ...{ events, more, readPos: more || last < newest ? newest : last },
    customers: await judgedCustomers(sql, place, customerIds, at),
  };
}

async function sliceAfter(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  { shard, shards }: Pick<ShardSlice, 'shard' | 'shards'>,
  range: { after: bigint; last: bigint; limit: number },
): Promise<FeedEvent[]> {
  const rows = await sql.rows<Omit<FeedEvent, 'pos'> & { pos: string }>(
    `/* shardEventsAfter */
     SELECT pos, customer_id AS "customerId", version, reasons, origin, occurred_at AS "occurredAt", delivery FROM feed
     WHERE owner_id = $1 AND pos > $2 AND pos <= $3 AND ${shardSql('customer_id', '$4::int')} = $5 ORDER BY pos LIMIT $6`,
    [ownerId, range.after.toString(), range.last.toString(), shards, shard, range.limit],
  );
  return rows.map((row) => ({ ...row, pos: BigInt(row.pos) }));
}
