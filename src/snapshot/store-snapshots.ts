import type { Transaction } from '../database/transaction.js';
import type { EventDelivery } from '../event-delivery.js';
import { EventReason } from '../event-reason.js';
import { insertSearch, leaveSearch, refreshSearch } from '../search/search-text.sql.js';
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
 * where some of them are new; with it the text by which they are found, where it may have changed. Sends them at once and gives
 * what is to be waited for. The customers' rows must be locked and their versions raised before, in the same transaction
 * (delivery-design B.3). An excluded customer is on no channel, so only the exclusion itself is an event (A44).
 */
export function storeSnapshots(
  sql: Pick<Transaction, 'rows' | 'prepared'>,
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
  const search = others.every(leavesSearch) ? 'left' : 'refreshed';
  if (others.length === 1) stored.push(sql.prepared(storeSnapshot[search], parametersOfOne(ownerId, one!, options)));
  if (others.length > 1) stored.push(sql.rows(storeChangedSnapshots[search], parametersOf(ownerId, others, options)));
  return stored;
}

/** Made by this transaction, which did nothing with it that `newSnapshotSelect` would not see. */
const isJustMade = ({ reasons }: Change): boolean =>
  reasons.includes(EventReason.CREATED) && reasons.every((reason) => seenOfNew.has(reason));
const { CREATED, UPDATED, CONSENT, TAG } = EventReason;
const seenOfNew = new Set<string>([CREATED, UPDATED, CONSENT, TAG]);

const leavesSearch = ({ reasons }: Change): boolean => reasons.every((reason) => leaveSearch.has(reason));

const many = {
  ids: '= ANY ($2::bigint[])',
  event: 'JOIN unnest($4::bigint[], $5::text[]) AS change (id, reasons) USING (id)',
  reasons: `string_to_array(change.reasons, ',')`,
  origin: 6,
};
/** In a form that says that it is one: a plan for any number is none that PostgreSQL would keep for this one. */
const single = { ids: '= $2::bigint', event: '', reasons: '$4::text[]', origin: 5 };

const storeNewSnapshots = ofNew('storeNewSnapshots', { said: false });
const storeNewSnapshotsSaid = ofNew('storeNewSnapshotsSaid', { said: true });
const storeChangedSnapshots = ofChanged('storeSnapshots', snapshotSelect, many);
const storeSnapshot = ofChanged('storeSnapshot', oneSnapshotSelect, single);

function ofNew(name: string, { said }: { said: boolean }): string {
  return storing(name, newSnapshotSelect({ said }), { onConflict: '', search: insertSearch(many.ids) }, many);
}

function ofChanged(name: string, select: string, form: typeof many) {
  const onConflict = `ON CONFLICT (owner_id, customer_id)
       DO UPDATE SET version = excluded.version, body = excluded.body, clock_due_at = excluded.clock_due_at`;
  return {
    left: storing(name, select, { onConflict, search: null }, form),
    refreshed: storing(`${name}AndSearch`, select, { onConflict, search: refreshSearch(form.ids) }, form),
  };
}

function storing(
  name: string,
  select: string,
  { onConflict, search }: { onConflict: string; search: string | null },
  { event, reasons, origin }: typeof many,
): string {
  return `/* ${name} */
     WITH computed AS MATERIALIZED (${select}),
     stored AS (
       INSERT INTO customer_snapshot (owner_id, customer_id, version, body, clock_due_at)
       SELECT $1, id, version, body, clock_due_at FROM computed
       ${onConflict})${search === null ? '' : `, found AS (${search})`}
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
