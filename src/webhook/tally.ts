import type { Database, Sql } from '../database/database.js';
import type { Attempt } from './attempt.js';
import type { Claim } from './claim.js';

/** Adds attempts to their endpoint's counts by the hour, in one statement: what its success rate is read from. */
export async function countAttempts(
  sql: Sql,
  { ownerId, endpointId, shard }: Pick<Claim, 'ownerId' | 'endpointId' | 'shard'>,
  attempts: readonly Attempt[],
): Promise<void> {
  await sql.rows(
    `/* countAttempts */
     INSERT INTO webhook_tally AS t (owner_id, endpoint_id, shard, hour, succeeded, failed)
     SELECT $1, $2, $3, date_trunc('hour', a.at, 'UTC'), count(*) FILTER (WHERE a.ok), count(*) FILTER (WHERE NOT a.ok)
     FROM unnest($4::timestamptz[], $5::boolean[]) AS a (at, ok) GROUP BY 4
     ON CONFLICT (owner_id, endpoint_id, shard, hour)
     DO UPDATE SET succeeded = t.succeeded + excluded.succeeded, failed = t.failed + excluded.failed`,
    [...[ownerId, endpointId, shard], attempts.map(({ at }) => at), attempts.map(({ state }) => state === 'SUCCEEDED')],
  );
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
