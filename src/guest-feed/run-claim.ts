import type { Sql } from '../database/database.js';
import { lockFeed } from './find-feeds.js';

/** The right to go on with a run; `lease` names the holder. */
export interface RunClaim {
  ownerId: string;
  feedId: string;
  runId: string;
  lease: string;
}

/** A holder to be. Leases run by PostgreSQL's clock, whatever the hub's own tells. */
export interface NewLease {
  lease: string;
  leaseMs: number;
}

/**
 * Starts a run of a feed, or goes on with one whose process is gone. Under the lock of the feed, so of two callers one
 * gets it: the other is told by `mine`. `at`: when a new run starts. @throws Rejected NOT_FOUND
 */
export async function claimRun(
  sql: Sql,
  { ownerId, feedId }: { ownerId: string; feedId: string },
  { at, ...lease }: NewLease & { at: Date | null },
): Promise<{ runId: string; mine: boolean }> {
  await lockFeed(sql, ownerId, feedId);
  const [open] = await sql.rows<{ id: string }>(
    `/* runUnderWay */ SELECT id FROM guest_feed_run WHERE owner_id = $1 AND feed_id = $2 AND finished_at IS NULL`,
    [ownerId, feedId],
  );
  if (open) return { runId: open.id, mine: await takeRunOver(sql, { ownerId, runId: open.id }, lease) };
  const [run] = await sql.rows<{ id: string }>(
    `/* startRun */ INSERT INTO guest_feed_run (owner_id, feed_id, started_at, lease_owner, lease_until)
     VALUES ($1, $2, coalesce($5::timestamptz, clock_timestamp()), $3, clock_timestamp() + $4 * interval '1 ms')
     RETURNING id`,
    [ownerId, feedId, lease.lease, lease.leaseMs, at],
  );
  return { runId: run!.id, mine: true };
}

/** Goes on with a run whose process is gone; false: it is not gone, or the run has ended. */
export async function takeRunOver(
  sql: Sql,
  { ownerId, runId }: { ownerId: string; runId: string },
  { lease, leaseMs }: NewLease,
): Promise<boolean> {
  const taken = await sql.rows(
    `/* takeRunOver */ UPDATE guest_feed_run SET lease_owner = $3, lease_until = clock_timestamp() + $4 * interval '1 ms'
     WHERE owner_id = $1 AND id = $2 AND finished_at IS NULL AND lease_until < clock_timestamp() RETURNING 1`,
    [ownerId, runId, lease, leaseMs],
  );
  return taken.length > 0;
}

/** Takes over up to `limit` runs whose processes are gone. Across owners: `sql` is the system's. */
export const takeRunsOver = (sql: Sql, limit: number, { lease, leaseMs }: NewLease): Promise<RunClaim[]> =>
  sql.rows<RunClaim>(
    `/* takeRunsOver */
     UPDATE guest_feed_run r SET lease_owner = $1, lease_until = clock_timestamp() + $2 * interval '1 ms'
     FROM (SELECT owner_id, id FROM guest_feed_run WHERE finished_at IS NULL AND lease_until < clock_timestamp()
       ORDER BY lease_until LIMIT $3 FOR UPDATE SKIP LOCKED) AS free
     WHERE r.owner_id = free.owner_id AND r.id = free.id
     RETURNING r.owner_id AS "ownerId", r.feed_id AS "feedId", r.id AS "runId", r.lease_owner AS lease`,
    [lease, leaseMs, limit],
  );
