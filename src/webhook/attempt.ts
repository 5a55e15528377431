import type { Database, Sql } from '../database/database.js';
import type { DeliveryState } from './delivery-state.js';
import type { SendResult } from './send.js';

/** One line of the log of attempts. */
export interface Attempt {
  at: Date;
  /** Null: a test, or an operational event. */
  pos: bigint | null;
  customerId: string | null;
  version: number | null;
  webhookId: string;
  attempt: number;
  state: DeliveryState;
  result: Pick<SendResult, 'status' | 'error' | 'durationMs' | 'responseHead'>;
}

/**
 * Writes attempts at an endpoint to the log, all in one statement. What cannot need quotes goes as an array's text: element
 * by element the driver took 14 µs for a row, a tenth of the whole delivery.
 */
export async function recordAttempts(
  sql: Sql,
  { ownerId, endpointId }: { ownerId: string; endpointId: string },
  attempts: readonly Attempt[],
): Promise<void> {
  await sql.rows(
    `/* recordAttempts */
     INSERT INTO webhook_attempt (owner_id, endpoint_id, at, pos, customer_id, version, webhook_id, attempt, state, status,
       duration_ms, error, response_head)
     SELECT $1, $2, to_timestamp(a.ms / 1000), pos, customer_id, version, webhook_id, attempt, state, status, duration_ms,
       error, response_head FROM unnest($3::float8[], $4::bigint[], $5::bigint[], $6::integer[], $7::text[],
       $8::smallint[], $9::text[], $10::smallint[], $11::integer[], $12::text[], $13::text[])
       AS a (ms, pos, customer_id, version, webhook_id, attempt, state, status, duration_ms, error, response_head)`,
    [
      ...[ownerId, endpointId],
      arrayText(attempts, ({ at }) => at.getTime()),
      arrayText(attempts, ({ pos }) => pos),
      arrayText(attempts, ({ customerId }) => customerId),
      arrayText(attempts, ({ version }) => version),
      arrayText(attempts, ({ webhookId }) => webhookId),
      arrayText(attempts, ({ attempt }) => attempt),
      arrayText(attempts, ({ state }) => state),
      arrayText(attempts, ({ result }) => result.status),
      arrayText(attempts, ({ result }) => result.durationMs),
      attempts.map(({ result }) => result.error),
      attempts.map(({ result }) => result.responseHead),
    ],
  );
}

/** PostgreSQL's text of an array of numbers, times and plain words. */
const arrayText = <Row>(rows: readonly Row[], value: (row: Row) => string | number | bigint | null): string =>
  `{${rows.map((row) => value(row) ?? 'NULL').join(',')}}`;

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
