import type { Sql } from '../database/database.js';
import { snapshotSelect } from './snapshot.sql.js';

/** One event for the outbox: which customer, and why. */
export interface Change {
  customerId: string;
  reasons: string[];
}

/**
 * Computes and stores the snapshots of the changed customers and writes one outbox row each, in one statement. The
 * customers' rows must be locked and their versions raised before, in the same transaction (delivery-design B.3).
 * An excluded customer is on no channel, so only the exclusion itself is an event (A44).
 */
export async function storeSnapshots(
  sql: Sql,
  ownerId: string,
  changes: Change[],
  options: { origin: string | null; at: Date | null },
): Promise<void> {
  await sql.rows(
    `/* storeSnapshots */
     WITH computed AS MATERIALIZED (${snapshotSelect}),
     stored AS (
       INSERT INTO customer_snapshot (owner_id, customer_id, version, body, clock_due_at)
       SELECT $1, id, version, body, clock_due_at FROM computed
       ON CONFLICT (owner_id, customer_id)
       DO UPDATE SET version = excluded.version, body = excluded.body, clock_due_at = excluded.clock_due_at)
     INSERT INTO outbox (owner_id, customer_id, version, reasons, origin, occurred_at)
     SELECT $1, computed.id, computed.version, string_to_array(change.reasons, ','), $6, computed.at
     FROM computed JOIN unnest($4::bigint[], $5::text[]) AS change (id, reasons) USING (id)
     WHERE NOT computed.excluded OR 'EXCLUDED' = ANY (string_to_array(change.reasons, ','))
     ORDER BY computed.id`,
    [
      ownerId,
      changes.map((change) => change.customerId),
      options.at,
      changes.map((change) => change.customerId),
      changes.map((change) => change.reasons.join(',')),
      options.origin,
    ],
  );
}
