import type { Sql } from '../database/database.js';
import type { NewLease, RunClaim } from './run-claim.js';
import { nextRunAfter } from './schedule.js';

/**
 * Starts the runs of up to `limit` feeds that are due, each once: their next time is set under their locks. What was
 * missed while no process ran is one run, as the next time is the first one after now. A feed whose owner's switch is
 * off (C3), or of which a run is under way, only gets its next time. Across owners: `sql` is the system's.
 */
export async function startDueRuns(
  sql: Sql,
  limit: number,
  { lease, leaseMs, at }: NewLease & { at: Date | null },
): Promise<{ claims: RunClaim[]; due: number }> {
  const found = await sql.rows<ScheduledFeed>(
    `/* lockDueFeeds */ ${selectScheduled} WHERE f.next_run_at <= coalesce($1::timestamptz, clock_timestamp())
       AND (SELECT count(*) FROM guest_feed_run r WHERE r.owner_id = f.owner_id AND r.finished_at IS NULL) < $3
     ORDER BY f.next_run_at LIMIT $2 FOR NO KEY UPDATE OF f SKIP LOCKED`,
    [at, limit, runsPerOwner],
  );
  const due = fewOfEach(found);
  if (due.length === 0) return { claims: [], due: 0 };
  await setNextTimes(sql, due);
  const running = due.filter(({ ownerActive }) => ownerActive);
  const claims = await sql.rows<RunClaim>(
    `/* startDueRuns */
     INSERT INTO guest_feed_run (owner_id, feed_id, started_at, lease_owner, lease_until)
     SELECT d.*, coalesce($5::timestamptz, clock_timestamp()), $3, clock_timestamp() + $4 * interval '1 ms'
     FROM unnest($1::bigint[], $2::bigint[]) AS d
     ON CONFLICT (owner_id, feed_id) WHERE finished_at IS NULL DO NOTHING
     RETURNING owner_id AS "ownerId", feed_id AS "feedId", id AS "runId", lease_owner AS lease`,
    [running.map((feed) => feed.ownerId), running.map((feed) => feed.id), lease, leaseMs, at],
  );
  return { claims, due: due.length };
}

/** Moves the next times of feeds whose owner has moved to another time zone since they were worked out. */
export async function followTimeZones(sql: Sql, at: Date | null): Promise<void> {
  const moved = await sql.rows<ScheduledFeed>(
    `/* lockMovedFeeds */ ${selectScheduled} WHERE f.next_run_at IS NOT NULL AND f.scheduled_zone <> o.time_zone
     LIMIT 1000 FOR NO KEY UPDATE OF f SKIP LOCKED`,
    [at],
  );
  if (moved.length > 0) await setNextTimes(sql, moved);
}

/** One owner's slow services must not take the places of all the others: the rest of its feeds is late. */
const runsPerOwner = 4;

interface ScheduledFeed {
  ownerId: string;
  id: string;
  schedule: string;
  timeZone: string;
  ownerActive: boolean;
  now: Date;
}

const selectScheduled = /* sql */ `
  SELECT f.owner_id AS "ownerId", f.id, f.schedule, o.time_zone AS "timeZone", o.guest_feeds_active AS "ownerActive",
    coalesce($1::timestamptz, clock_timestamp()) AS now
  FROM guest_feed f JOIN owner o ON o.id = f.owner_id`;

function fewOfEach(feeds: ScheduledFeed[]): ScheduledFeed[] {
  const taken = new Map<string, number>();
  return feeds.filter(({ ownerId }) => {
    const count = (taken.get(ownerId) ?? 0) + 1;
    taken.set(ownerId, count);
    return count <= runsPerOwner;
  });
}

async function setNextTimes(sql: Sql, feeds: ScheduledFeed[]): Promise<void> {
  await sql.rows(
    `/* setNextTimes */
     UPDATE guest_feed f SET next_run_at = n.next_run_at, scheduled_zone = n.zone
     FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::text[]) AS n (owner_id, id, next_run_at, zone)
     WHERE f.owner_id = n.owner_id AND f.id = n.id`,
    [
      feeds.map(({ ownerId }) => ownerId),
      feeds.map(({ id }) => id),
      feeds.map(({ schedule, timeZone, now }) => nextRunAfter(schedule, timeZone, now)),
      feeds.map(({ timeZone }) => timeZone),
    ],
  );
}
