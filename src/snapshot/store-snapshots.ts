import type { WriteSql } from '../database/write-transaction.js';
import type { EventDelivery } from '../event-delivery.js';
import { EventReason } from '../event-reason.js';
import { newSnapshotSelect, oneSnapshotSelect, snapshotSelect } from './snapshot.sql.js';

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
 * where some of them are new. Sends them at once and gives what is to be waited for. The customers' rows must be locked and
 * their versions raised before, in the same transaction (delivery-design B.3). An excluded customer is on no channel, so only
 * the exclusion itself is an event (A44).
 */
export function storeSnapshots(
  sql: Pick<WriteSql, 'rows' | 'prepared'>,
  ownerId: string,
  changes: Change[],
  options: StoreOptions,
): Promise<unknown>[] {
  const made = changes.filter(isJustMade);
  const others = made.length === 0 ? changes : changes.filter((change) => !isJustMade(change));
  const stored: Promise<unknown>[] = [];
  const said = made.some(({ reasons }) => reasons.includes(EventReason.CONSENT));
  if (made.length > 0)
    stored.push(sql.rows(said ? storeNewSnapshotsSaid : storeNewSnapshots, parametersOf(ownerId, made, options)));
  const [one] = others;
  if (others.length === 1) stored.push(sql.prepared(storeSnapshot, parametersOfOne(ownerId, one!, options)));
  if (others.length > 1) stored.push(sql.rows(storeChangedSnapshots, parametersOf(ownerId, others, options)));
  return stored;
}

/** Made by this transaction, which did nothing with it that `newSnapshotSelect` would not see. */
const isJustMade = ({ reasons }: Change): boolean =>
  reasons.includes(EventReason.CREATED) && reasons.every((reason) => seenOfNew.has(reason));
const { CREATED, UPDATED, CONSENT, TAG } = EventReason;
const seenOfNew = new Set<string>([CREATED, UPDATED, CONSENT, TAG]);

const many = {
  event: `JOIN unnest($4::bigint[], $5::text[]) AS change (id, reasons) USING (id)`,
  reasons: `string_to_array(change.reasons, ',')`,
};
/** In a form that says that it is one: a plan for any number is none that PostgreSQL would keep for this one. */
const single = { event: '', reasons: '$4::text[]' };
const replaced = `ON CONFLICT (owner_id, customer_id)
       DO UPDATE SET version = excluded.version, body = excluded.body, clock_due_at = excluded.clock_due_at`;

const ofNew = (name: string, said: boolean) => storing(name, newSnapshotSelect({ said }), '', { ...many, origin: 6 });
const storeNewSnapshots = ofNew('storeNewSnapshots', false);
const storeNewSnapshotsSaid = ofNew('storeNewSnapshotsSaid', true);
const storeChangedSnapshots = storing('storeSnapshots', snapshotSelect, replaced, { ...many, origin: 6 });
const storeSnapshot = storing('storeSnapshot', oneSnapshotSelect, replaced, { ...single, origin: 5 });

function storing(
  name: string,
  select: string,
  onConflict: string,
  { event, reasons, origin }: { event: string; reasons: string; origin: number },
): string {
  return `/* ${name} */
     WITH computed AS MATERIALIZED (${select}),
     stored AS (
       INSERT INTO customer_snapshot (owner_id, customer_id, version, body, clock_due_at)
       SELECT $1, id, version, body, clock_due_at FROM computed
       ${onConflict})
     INSERT INTO outbox (owner_id, customer_id, version, reasons, origin, occurred_at, delivery)
     SELECT $1, computed.id, computed.version, ${reasons}, $${origin}, computed.at, $${origin + 1}
     FROM computed ${event}
     WHERE NOT computed.excluded OR 'EXCLUDED' = ANY (${reasons})
     ORDER BY computed.id`;
}

const parametersOfOne = (
  ownerId: string,
  { customerId, reasons }: Change,
  { origin, delivery, at }: StoreOptions,
): unknown[] => [ownerId, customerId, at, reasons, origin, delivery];

function parametersOf(ownerId: string, changes: Change[], { origin, delivery, at }: StoreOptions): unknown[] {
  const ids = changes.map((change) => change.customerId);
  return [ownerId, ids, at, ids, changes.map((change) => change.reasons.join(',')), origin, delivery];
}
