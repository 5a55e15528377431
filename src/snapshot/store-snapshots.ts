import type { Sql } from '../database/database.js';
import type { EventDelivery } from '../event-delivery.js';
import { insertSearch, leaveSearch, refreshSearch } from '../search/search-text.sql.js';
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
 * where some of them are new; with it the text by which they are found, where it may have changed. The customers' rows must be locked and their versions raised before, in the same
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
  if (made.length > 0) await sql.rows(storeNewSnapshots, parametersOf(ownerId, made, options));
  if (others.length === 0) return;
  const statement = others.every(leavesSearch) ? storeChangedSnapshots : storeSnapshotsAndSearch;
  await sql.rows(statement, parametersOf(ownerId, others, options));
}

/** Made by this transaction, which did nothing with it that `newSnapshotSelect` would not see. */
const isJustMade = ({ reasons }: Change): boolean =>
  reasons.includes('CREATED') && reasons.every((reason) => seenOfNew.has(reason));
const seenOfNew = new Set(['CREATED', 'UPDATED', 'CONSENT', 'TAG']);

const leavesSearch = ({ reasons }: Change): boolean => reasons.every((reason) => leaveSearch.has(reason));

const overwriting = `ON CONFLICT (owner_id, customer_id)
       DO UPDATE SET version = excluded.version, body = excluded.body, clock_due_at = excluded.clock_due_at`;
const storeNewSnapshots = storing('storeNewSnapshots', newSnapshotSelect, '', insertSearch);
const storeChangedSnapshots = storing('storeSnapshots', snapshotSelect, overwriting, null);
const storeSnapshotsAndSearch = storing('storeSnapshotsAndSearch', snapshotSelect, overwriting, refreshSearch);

function storing(name: string, select: string, onConflict: string, search: string | null): string {
  return `/* ${name} */
     WITH computed AS MATERIALIZED (${select}),
     stored AS (
       INSERT INTO customer_snapshot (owner_id, customer_id, version, body, clock_due_at)
       SELECT $1, id, version, body, clock_due_at FROM computed
       ${onConflict})${search ? `, found AS (${search})` : ''}
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
