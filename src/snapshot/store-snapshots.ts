import type { Sql } from '../database/database.js';
import type { EventDelivery } from '../event-delivery.js';
import { EventReason } from '../event-reason.js';
import { newSnapshotSelect, snapshotSelect } from './snapshot.sql.js';

/** One event for the outbox: which customer, and why. */
export interface Change {
  customerId: string;
  reasons: string[];
}

interface StoreOptions {
  origin: string | null;
  delivery: EventDelivery | null;
  at: Date | null;
}

/**
 * Computes and stores the snapshots of the changed customers and writes one outbox row each, in one statement, or two
 * where some of them are new. The customers' rows must be locked and their versions raised before, in the same
 * transaction (delivery-design B.3). An excluded customer is on no channel, so only the exclusion itself is an event (A44).
 */
export async function storeSnapshots(
  sql: Sql,
  ownerId: string,
  changes: Change[],
  options: StoreOptions,
): Promise<void> {
  const made = changes.filter(isJustMade);
  const others = made.length === 0 ? changes : changes.filter((change) => !isJustMade(change));
  const said = made.some(({ reasons }) => reasons.includes(EventReason.CONSENT));
  if (made.length > 0)
    await sql.rows(said ? storeNewSnapshotsSaid : storeNewSnapshots, parametersOf(ownerId, made, options));
  if (others.length > 0) await sql.rows(storeChangedSnapshots, parametersOf(ownerId, others, options));
}

/** Made by this transaction, which did nothing with it that `newSnapshotSelect` would not see. */
const isJustMade = ({ reasons }: Change): boolean =>
  reasons.includes(EventReason.CREATED) && reasons.every((reason) => seenOfNew.has(reason));
const { CREATED, UPDATED, CONSENT, TAG } = EventReason;
const seenOfNew = new Set<string>([CREATED, UPDATED, CONSENT, TAG]);

const storeNewSnapshots = storing('storeNewSnapshots', newSnapshotSelect({ said: false }), '');
const storeNewSnapshotsSaid = storing('storeNewSnapshotsSaid', newSnapshotSelect({ said: true }), '');
const storeChangedSnapshots = storing(
  'storeSnapshots',
  snapshotSelect,
  `ON CONFLICT (owner_id, customer_id)
       DO UPDATE SET version = excluded.version, body = excluded.body, clock_due_at = excluded.clock_due_at`,
);

function storing(name: string, select: string, onConflict: string): string {
  return `/* ${name} */
     WITH computed AS MATERIALIZED (${select}),
     stored AS (
       INSERT INTO customer_snapshot (owner_id, customer_id, version, body, clock_due_at)
       SELECT $1, id, version, body, clock_due_at FROM computed
       ${onConflict})
     INSERT INTO outbox (owner_id, customer_id, version, reasons, origin, occurred_at, delivery)
     SELECT $1, computed.id, computed.version, string_to_array(change.reasons, ','), $6, computed.at, $7
     FROM computed JOIN unnest($4::bigint[], $5::text[]) AS change (id, reasons) USING (id)
     WHERE NOT computed.excluded OR 'EXCLUDED' = ANY (string_to_array(change.reasons, ','))
     ORDER BY computed.id`;
}

function parametersOf(ownerId: string, changes: Change[], { origin, delivery, at }: StoreOptions): unknown[] {
  const ids = changes.map((change) => change.customerId);
  return [ownerId, ids, at, ids, changes.map((change) => change.reasons.join(',')), origin, delivery];
}
