import type { Sql } from '../database/database.js';
import type { RunClaim } from './run-claim.js';

/** How a run ended beyond what it has counted on its way. */
export interface RunEnd {
  skipped: number;
  /** Why it sent nothing or ended early; null: it looked at every stay. */
  reason: string | null;
}

/** Ends a run, and forgets those of its feed that are older than 90 days. Nothing, when it is somebody else's by now. */
export async function finishRun(sql: Sql, claim: RunClaim, end: RunEnd, at: Date | null): Promise<void> {
  await sql.rows(
    `/* finishRun */
     UPDATE guest_feed_run SET finished_at = greatest(started_at, coalesce($4::timestamptz, clock_timestamp())), skipped = $5,
       stopped = $6::text IS NOT NULL, reason = $6, lease_owner = NULL, lease_until = '-infinity'
     WHERE owner_id = $1 AND id = $2 AND lease_owner = $3 AND finished_at IS NULL`,
    [claim.ownerId, claim.runId, claim.lease, at, end.skipped, end.reason],
  );
  await sql.rows(
    `/* forgetRuns */ DELETE FROM guest_feed_run WHERE owner_id = $1 AND feed_id = $2 AND finished_at IS NOT NULL
       AND started_at < coalesce($3::timestamptz, clock_timestamp()) - interval '90 days'`,
    [claim.ownerId, claim.feedId, at],
  );
}

/** Leaves a run to whoever goes on with it: this process stops. */
export async function releaseRun(sql: Sql, claim: RunClaim): Promise<void> {
  await sql.rows(
    `/* releaseRun */ UPDATE guest_feed_run SET lease_owner = NULL, lease_until = '-infinity'
     WHERE owner_id = $1 AND id = $2 AND lease_owner = $3 AND finished_at IS NULL`,
    [claim.ownerId, claim.runId, claim.lease],
  );
}
