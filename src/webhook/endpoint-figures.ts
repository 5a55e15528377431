import { selectList } from '../database/select-list.js';
import type { Sql } from '../database/database.js';
import { Delivery } from './delivery.entity.js';

type Reads = Pick<Sql, 'rows'>;

/** How an endpoint stands, out of its cursors and parked customers; of several shards, what is worst. */
export interface EndpointFigures {
  id: string;
  /** Events behind the feed, a bigint. */
  lag: string;
  /** Age of the oldest of them. */
  lagSeconds: number;
  needsResync: boolean;
  parked: number;
  dead: number;
  open: boolean;
  failSince: Date | null;
  fails: number;
  probeAt: Date | null;
}

/** The figures of endpoints, in one statement. */
export const endpointFigures = (sql: Reads, ownerId: string, ids: readonly string[]): Promise<EndpointFigures[]> =>
  sql.rows<EndpointFigures>(
    `/* endpointFigures */
     SELECT c.id, greatest(h.last_pos - c.acked_pos, 0) AS lag, c.acked_pos + 1 < h.min_pos AS "needsResync",
       coalesce(extract(epoch FROM greatest(clock_timestamp() - oldest.at, interval '0')), 0)::float AS "lagSeconds",
       coalesce(p.parked, 0) AS parked, coalesce(p.dead, 0) AS dead, c.open, c.fail_since AS "failSince", c.fails,
       c.probe_at AS "probeAt"
     FROM feed_head h
     JOIN (
       SELECT owner_id, endpoint_id AS id, min(acked_pos) AS acked_pos, bool_or(breaker = 'OPEN') AS open,
         min(fail_since) AS fail_since, sum(fails)::int AS fails, min(probe_at) FILTER (WHERE breaker = 'OPEN') AS probe_at
       FROM webhook_cursor WHERE owner_id = $1 AND endpoint_id = ANY ($2::bigint[]) GROUP BY 1, 2) c USING (owner_id)
     LEFT JOIN (
       SELECT endpoint_id AS id, count(*) FILTER (WHERE state = 'RETRY')::int AS parked,
         count(*) FILTER (WHERE state = 'DEAD')::int AS dead
       FROM webhook_parked WHERE owner_id = $1 AND endpoint_id = ANY ($2::bigint[]) GROUP BY 1) p USING (id)
     LEFT JOIN LATERAL (
       SELECT f.occurred_at AS at FROM feed f
       WHERE f.owner_id = $1 AND f.pos = greatest(c.acked_pos + 1, h.min_pos) LIMIT 1) oldest ON true
     WHERE h.owner_id = $1`,
    [ownerId, ids],
  );

/** Of endpoints that were sent anything in the last 24 hours (full ones, and the present one): how much of it succeeded. */
export const successRates = (
  sql: Reads,
  ownerId: string,
  ids: readonly string[],
): Promise<{ id: string; rate: number }[]> =>
  sql.rows(
    `/* successRates */
     SELECT endpoint_id AS id, sum(succeeded)::float / sum(succeeded + failed) AS rate FROM webhook_tally
     WHERE owner_id = $1 AND endpoint_id = ANY ($2::bigint[]) AND hour > clock_timestamp() - interval '24 hours'
     GROUP BY 1`,
    [ownerId, ids],
  );

const columns = selectList(Delivery, 'a');

/** The last attempt of each endpoint, tests and operational events among them. */
export const lastDeliveries = (sql: Reads, ownerId: string, ids: readonly string[]): Promise<Delivery[]> =>
  sql.rows<Delivery>(
    `/* lastDeliveries */ SELECT ${columns} FROM unnest($2::bigint[]) AS e (id) CROSS JOIN LATERAL (
       SELECT * FROM webhook_attempt WHERE owner_id = $1 AND endpoint_id = e.id ORDER BY id DESC LIMIT 1) a`,
    [ownerId, ids],
  );

/** The last one that failed. */
export const lastFailures = (sql: Reads, ownerId: string, ids: readonly string[]): Promise<Delivery[]> =>
  sql.rows<Delivery>(
    `/* lastFailures */ SELECT ${columns} FROM unnest($2::bigint[]) AS e (id) CROSS JOIN LATERAL (
       SELECT * FROM webhook_attempt
       WHERE owner_id = $1 AND endpoint_id = e.id AND state <> 'SUCCEEDED' ORDER BY id DESC LIMIT 1) a`,
    [ownerId, ids],
  );
