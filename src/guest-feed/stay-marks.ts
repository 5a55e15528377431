import { recordHistory } from '../booking/booking-history.js';
import type { Sql } from '../database/database.js';
import type { Write } from '../write.js';
import type { RunClaim } from './run-claim.js';

/** What became of a request that was not accepted. */
export interface FailedAttempt {
  state: 'FAILED' | 'REFUSED';
  status: number | null;
  error: string | null;
}

/**
 * Notes that a stay is about to be sent, before it is: what a crash leaves open can be seen, and is sent again. Gives
 * false when it was sent meanwhile, or the run is somebody else's by now.
 */
export async function beginStay(
  sql: Sql,
  claim: RunClaim,
  stay: { bookingId: string; fingerprint: string },
  at: Date | null,
): Promise<boolean> {
  const begun = await sql.rows(
    `/* beginStay */
     INSERT INTO guest_feed_stay AS s (owner_id, feed_id, booking_id, state, run_id, attempts, attempted_at, fingerprint)
     SELECT $1, $2, $3, 'SENDING', r.id, 1, coalesce($7::timestamptz, clock_timestamp()), decode($6, 'hex')
     FROM guest_feed_run r
     WHERE r.owner_id = $1 AND r.id = $4 AND r.lease_owner = $5 AND r.finished_at IS NULL AND r.lease_until > clock_timestamp()
     ON CONFLICT (owner_id, feed_id, booking_id) DO UPDATE SET state = excluded.state, run_id = excluded.run_id,
       attempts = s.attempts + 1, attempted_at = excluded.attempted_at, status = NULL, error = NULL, fingerprint = excluded.fingerprint
     WHERE s.state <> 'SENT'
     RETURNING 1`,
    [claim.ownerId, claim.feedId, stay.bookingId, claim.runId, claim.lease, stay.fingerprint, at],
  );
  return begun.length > 0;
}

/**
 * Notes a success: the marker, the entry in the history of the stay, and the count of the run, in one transaction (C8,
 * A34). Whoever comes second, after its run was taken over, changes nothing. No event: nothing of the customer changed.
 */
export async function markSent(
  tx: Write,
  claim: RunClaim,
  stay: { bookingId: string; status: number | null; detail: string },
): Promise<void> {
  const marked = await tx.rows(
    `/* markSent */
     UPDATE guest_feed_stay SET state = 'SENT', status = $4, error = NULL, sent_at = coalesce($5::timestamptz, clock_timestamp())
     WHERE owner_id = $1 AND feed_id = $2 AND booking_id = $3 AND state <> 'SENT' RETURNING 1`,
    [claim.ownerId, claim.feedId, stay.bookingId, stay.status, tx.at],
  );
  if (marked.length === 0) return;
  await tx.rows('/* countSent */ UPDATE guest_feed_run SET sent = sent + 1 WHERE owner_id = $1 AND id = $2', [
    claim.ownerId,
    claim.runId,
  ]);
  await recordHistory(tx, [{ bookingId: stay.bookingId, event: 'sent', detail: stay.detail }]);
}

/** Notes a failure of an attempt of this run, unless another one has sent the stay since (A35). */
export async function markFailed(
  sql: Sql,
  claim: RunClaim,
  bookingId: string,
  { state, status, error }: FailedAttempt,
): Promise<void> {
  await sql.rows(
    `/* markFailed */
     WITH marked AS (
       UPDATE guest_feed_stay SET state = $5, status = $6, error = $7
       WHERE owner_id = $1 AND feed_id = $2 AND booking_id = $3 AND run_id = $4 AND state = 'SENDING' RETURNING 1)
     UPDATE guest_feed_run SET failed = failed + 1 WHERE owner_id = $1 AND id = $4 AND EXISTS (SELECT FROM marked)`,
    [claim.ownerId, claim.feedId, bookingId, claim.runId, state, status, error],
  );
}

/** Stops a feed whose account is not accepted (A35). Gives false when its settings have changed since. */
export async function stopFeed(
  sql: Sql,
  { ownerId, feedId }: RunClaim,
  version: number,
  reason: string,
): Promise<boolean> {
  const stopped = await sql.rows(
    `/* stopFeed */ UPDATE guest_feed SET stopped_reason = $4, next_run_at = NULL
     WHERE owner_id = $1 AND id = $2 AND version = $3 AND active AND stopped_reason IS NULL RETURNING 1`,
    [ownerId, feedId, version, reason],
  );
  return stopped.length > 0;
}
