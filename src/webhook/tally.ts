import type { Database, Sql } from '../database/database.js';
import type { Attempt } from './attempt.js';
import type { Claim } from './claim.js';

/** Adds attempts to their endpoint's counts by the hour, in one statement: what its success rate is read from. */
export async function countAttempts(
  sql: Sql,
  { ownerId, endpointId, shard }: Pick<Claim, 'ownerId' | 'endpointId' | 'shard'>,
  attempts: readonly Attempt[],
): Promise<void> {
  const hours = [...countsByHour(attempts)];
  await sql.rows(
    `/* countAttempts */
     INSERT INTO webhook_tally AS t (owner_id, endpoint_id, shard, hour, succeeded, failed)
     SELECT $1, $2, $3, * FROM unnest($4::timestamptz[], $5::integer[], $6::integer[])
     ON CONFLICT (owner_id, endpoint_id, shard, hour)
     DO UPDATE SET succeeded = t.succeeded + excluded.succeeded, failed = t.failed + excluded.failed`,
    [
      ...[ownerId, endpointId, shard],
      hours.map(([hour]) => new Date(hour * hourMs)),
      hours.map(([, { succeeded }]) => succeeded),
      hours.map(([, { failed }]) => failed),
    ],
  );
}

const hourMs = 3_600_000;

/** By the number of the hour since 1970. */
function countsByHour(attempts: readonly Attempt[]): Map<number, { succeeded: number; failed: number }> {
  const counts = new Map<number, { succeeded: number; failed: number }>();
  for (const { at, state } of attempts) {
    const hour = Math.floor(at.getTime() / hourMs);
    let count = counts.get(hour);
    if (!count) counts.set(hour, (count = { succeeded: 0, failed: 0 }));
    if (state === 'SUCCEEDED') count.succeeded += 1;
    else count.failed += 1;
  }
  return counts;
}

/** Deletes counts that no success rate reads any more: older than a day. */
export async function pruneTallies(db: Database, at: Date | null): Promise<void> {
  await db.asSystem((sql) =>
    sql.rows(
      `/* pruneTallies */ DELETE FROM webhook_tally
       WHERE hour < coalesce($1::timestamptz, clock_timestamp()) - interval '25 hours'`,
      [at],
    ),
  );
}
