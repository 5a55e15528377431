import type { Sql } from '../database/database.js';
import type { Handled } from './shard-slice.js';

/** A shard of an endpoint that this worker may serve, with the state it was left in. */
export interface Claim {
  ownerId: string;
  endpointId: string;
  shard: number;
  ackedPos: string;
  /** See `shard-slice.ts`. */
  handled: Handled[];
  leaseEpoch: string;
  breaker: 'CLOSED' | 'OPEN';
  failSince: Date | null;
  fails: number;
  probeAt: Date | null;
  /** How many shards the endpoint has. */
  shards: number;
  /** Its last holder never gave it back. */
  stolen: boolean;
  /** `clock_timestamp()` of the claim. */
  now: Date;
}

/**
 * Leases up to `limit` shards that have something to do, the least recently leased first (delivery-design B.6). `at`: the
 * time that decides what is due, null: PostgreSQL's; leases always run by PostgreSQL's own clock. The epoch rises with
 * every claim, so that what an earlier holder still writes can be told apart. Of an endpoint with many shards a quarter at
 * a time, so that other processes get theirs.
 */
export async function claimShards(
  sql: Sql,
  options: { worker: string; limit: number; leaseMs: number; at: Date | null },
): Promise<Claim[]> {
  return sql.rows<Claim>(
    `/* claimShards */
     WITH due AS (
       SELECT c.owner_id, c.endpoint_id, c.shard, e.shards,
         row_number() OVER (PARTITION BY c.owner_id, c.endpoint_id ORDER BY random()) AS nth
       FROM webhook_cursor c
       JOIN webhook_endpoint e ON e.owner_id = c.owner_id AND e.id = c.endpoint_id
       WHERE e.state = 'ACTIVE' AND NOT e.resharding AND c.lease_until < clock_timestamp()
         AND (c.breaker = 'CLOSED' OR c.probe_at <= coalesce($4::timestamptz, clock_timestamp()))
         AND (c.acked_pos < (SELECT h.last_pos FROM feed_head h WHERE h.owner_id = c.owner_id)
           OR EXISTS (SELECT FROM webhook_parked p
             WHERE p.owner_id = c.owner_id AND p.endpoint_id = c.endpoint_id AND p.shard = c.shard
               AND p.state = 'RETRY' -- of an open breaker any is a probe, whenever it is due itself
               AND (c.breaker = 'OPEN' OR p.next_at <= coalesce($4::timestamptz, clock_timestamp())))
           OR EXISTS (SELECT FROM webhook_parked p
             WHERE p.owner_id = c.owner_id AND p.endpoint_id = c.endpoint_id AND p.shard = c.shard AND p.skip)
           OR EXISTS (SELECT FROM webhook_replay_part t
             WHERE t.owner_id = c.owner_id AND t.shard = c.shard AND NOT t.done AND t.replay_id = (SELECT min(r.id)
               FROM webhook_replay r WHERE r.owner_id = c.owner_id AND r.endpoint_id = c.endpoint_id AND r.state = 'RUNNING')))),
     picked AS (
       SELECT c.owner_id, c.endpoint_id, c.shard, due.shards, c.lease_owner IS NOT NULL AS stolen
       FROM webhook_cursor c JOIN due USING (owner_id, endpoint_id, shard)
       WHERE c.lease_until < clock_timestamp() AND due.nth <= ceil(due.shards / 4.0)
       ORDER BY c.lease_until LIMIT $2 FOR UPDATE OF c SKIP LOCKED)
     UPDATE webhook_cursor c
     SET lease_owner = $1, lease_epoch = c.lease_epoch + 1, lease_until = clock_timestamp() + $3 * interval '1 ms'
     FROM picked
     WHERE c.owner_id = picked.owner_id AND c.endpoint_id = picked.endpoint_id AND c.shard = picked.shard
     RETURNING c.owner_id AS "ownerId", c.endpoint_id AS "endpointId", c.shard, c.acked_pos AS "ackedPos", c.handled,
       c.lease_epoch AS "leaseEpoch", c.breaker, c.fail_since AS "failSince", c.fails, c.probe_at AS "probeAt",
       picked.shards, picked.stolen, clock_timestamp() AS now`,
    [options.worker, options.limit, options.leaseMs, options.at],
  );
}
