import type { Database, Sql } from '../database/database.js';
import type { DeliveryState } from './delivery-state.js';
import type { SendResult } from './send.js';

/** One line of the log of attempts. */
export interface Attempt {
  at: Date;
  endpointId: string;
  /** Null: a test, or an operational event. */
  pos: bigint | null;
  customerId: string | null;
  version: number | null;
  webhookId: string;
  attempt: number;
  state: DeliveryState;
  result: Pick<SendResult, 'status' | 'error' | 'durationMs' | 'responseHead'>;
}

/** Writes attempts to the log, all in one statement. Gives their ids in the same order. */
export async function recordAttempts(sql: Sql, ownerId: string, attempts: readonly Attempt[]): Promise<string[]> {
  const rows = await sql.rows<{ id: string }>(
    `/* recordAttempts */
     INSERT INTO webhook_attempt (owner_id, at, endpoint_id, pos, customer_id, version, webhook_id, attempt, state, status,
       error, duration_ms, response_head)
     SELECT $1, a.* FROM unnest($2::timestamptz[], $3::bigint[], $4::bigint[], $5::bigint[], $6::integer[], $7::text[],
       $8::smallint[], $9::text[], $10::smallint[], $11::text[], $12::integer[], $13::text[]) AS a
     RETURNING id`,
    [
      ownerId,
      attempts.map((attempt) => attempt.at),
      attempts.map((attempt) => attempt.endpointId),
      attempts.map((attempt) => attempt.pos?.toString() ?? null),
      attempts.map((attempt) => attempt.customerId),
      attempts.map((attempt) => attempt.version),
      attempts.map((attempt) => attempt.webhookId),
      attempts.map((attempt) => attempt.attempt),
      attempts.map((attempt) => attempt.state),
      attempts.map((attempt) => attempt.result.status),
      attempts.map((attempt) => attempt.result.error),
      attempts.map((attempt) => attempt.result.durationMs),
      attempts.map((attempt) => attempt.result.responseHead),
    ],
  );
  return rows.map((row) => row.id);
}

const batch = 5_000;

/**
 * Deletes attempts older than 14 days and dead customers older than 30, in small transactions, until none is left; dead
 * ones that a person has to see to (onDead: BLOCK) stay, since their events wait for it. Gives how many attempts went.
 */
export async function pruneDeliveries(db: Database, at: Date | null): Promise<number> {
  await db.asSystem((sql) =>
    sql.rows(
      `/* pruneDead */ DELETE FROM webhook_parked p USING webhook_endpoint e
       WHERE p.state = 'DEAD' AND p.next_at < coalesce($1::timestamptz, clock_timestamp()) - interval '30 days'
         AND e.owner_id = p.owner_id AND e.id = p.endpoint_id AND e.on_dead = 'SKIP'`,
      [at],
    ),
  );
  for (let pruned = 0; ;) {
    const gone = await db.asSystem((sql) =>
      sql.rows(
        `/* pruneAttempts */
         DELETE FROM webhook_attempt a USING (
           SELECT owner_id, id FROM webhook_attempt
           WHERE at < coalesce($1::timestamptz, clock_timestamp()) - interval '14 days' LIMIT $2) old
         WHERE a.owner_id = old.owner_id AND a.id = old.id RETURNING 1`,
        [at, batch],
      ),
    );
    pruned += gone.length;
    if (gone.length < batch) return pruned;
  }
}
