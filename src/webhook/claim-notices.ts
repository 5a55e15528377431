import type { Sql } from '../database/database.js';
import { recordAttempts, type Attempt } from './attempt.js';

/** An operational event that this process may send until its lease is over. */
export interface ClaimedNotice {
  ownerId: string;
  /** Of the endpoint that is told. */
  endpointId: string;
  id: string;
  type: string;
  body: string;
  /** This attempt, from 1; it also fences: who comes later has a higher one. */
  attempt: number;
}

/**
 * Leases up to `limit` notices that are due, of each told endpoint and endpoint told of the oldest only: so nobody reads that
 * an endpoint has recovered before that it failed. `at`: the time that decides what is due, null: PostgreSQL's.
 */
export async function claimNotices(
  sql: Sql,
  { limit, leaseMs, at }: { limit: number; leaseMs: number; at: Date | null },
): Promise<ClaimedNotice[]> {
  return sql.rows<ClaimedNotice>(
    `/* claimNotices */
     WITH due AS (
       SELECT n.owner_id, n.id FROM webhook_notice n
       JOIN webhook_endpoint e ON e.owner_id = n.owner_id AND e.id = n.endpoint_id
       WHERE n.next_at <= coalesce($3::timestamptz, clock_timestamp()) AND e.state = 'ACTIVE'
         AND NOT EXISTS (SELECT FROM webhook_notice older
           WHERE older.owner_id = n.owner_id AND older.endpoint_id = n.endpoint_id AND older.about_id = n.about_id
             AND older.id < n.id)
       ORDER BY n.next_at LIMIT $1 FOR UPDATE OF n SKIP LOCKED)
     UPDATE webhook_notice n SET attempt = n.attempt + 1,
       next_at = coalesce($3::timestamptz, clock_timestamp()) + $2 * interval '1 ms'
     FROM due WHERE n.owner_id = due.owner_id AND n.id = due.id
     RETURNING n.owner_id AS "ownerId", n.endpoint_id AS "endpointId", n.id, n.type, n.body, n.attempt`,
    [limit, leaseMs, at],
  );
}

/** Logs an attempt, and forgets the notice or (`nextAt`) keeps it for its next one; unless it is somebody else's by now. */
export async function settleNotice(
  sql: Sql,
  { ownerId, endpointId, id, attempt }: ClaimedNotice,
  { nextAt, ...made }: Pick<Attempt, 'at' | 'webhookId' | 'state' | 'result'> & { nextAt: Date | null },
): Promise<void> {
  const which = 'owner_id = $1 AND id = $2 AND attempt = $3';
  if (nextAt)
    await sql.rows(`/* postponeNotice */ UPDATE webhook_notice SET next_at = $4 WHERE ${which}`, [
      ...[ownerId, id, attempt],
      nextAt,
    ]);
  else await sql.rows(`/* deleteNotice */ DELETE FROM webhook_notice WHERE ${which}`, [ownerId, id, attempt]);
  const place = { ownerId, endpointId };
  await recordAttempts(sql, place, [{ ...made, attempt, pos: null, customerId: null, version: null }]);
}
