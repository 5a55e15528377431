import type { Sql } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { reasonsInOrder, type EventReason } from '../event-reason.js';
import type { Actor } from './actor.js';
import { rangesOf } from './id-ranges.js';
import type { Subject } from './subject.js';

/** What somebody does: the field of the mutation, or the door. */
export interface Deed {
  by: Actor;
  action: string;
  /** What it is a part of, such as an import. */
  partOf?: Subject;
}

/** What a deed changed. */
export interface Changed {
  /** Ids of the customers. */
  customers: ReadonlySet<string>;
  /** Why they have events. */
  reasons: readonly string[];
  subject: Subject | null;
  /** When; null: the database's time. */
  at: Date | null;
}

/** A change of a setting alone. */
export const setting = (kind: Subject['kind'], id: string): Changed => ({
  customers: new Set(),
  reasons: [],
  subject: { kind, id },
  at: null,
});

/** The entry of a write that has touched these customers for these reasons; none where nobody did it, or nothing was changed. */
export async function storeDeed(
  tx: Pick<Transaction, 'prepared'> & { ownerId: string; at: Date | null; subject: Subject | null },
  deed: Deed | undefined,
  touched: ReadonlyMap<string, ReadonlySet<EventReason>>,
): Promise<void> {
  if (!deed || (touched.size === 0 && !tx.subject)) return;
  const reasons = reasonsInOrder(new Set([...touched.values()].flatMap((some) => [...some])));
  const subject = tx.subject ?? deed.partOf ?? null;
  const changed = { customers: new Set(touched.keys()), reasons, subject, at: tx.at };
  await tx.prepared(insertEntries, valuesOf([tx.ownerId], deed, changed));
}

/**
 * Writes one entry of the audit log for each of the owners, in the transaction of the change itself: it stands there if and
 * only if that is committed. One row however many customers: a row for each would double what a bulk insert writes.
 */
export async function storeEntry(
  sql: Pick<Sql, 'rows'>,
  ownerIds: readonly string[],
  deed: Deed,
  changed: Changed,
): Promise<void> {
  await sql.rows(insertEntries, valuesOf(ownerIds, deed, changed));
}

const insertEntries = `/* storeEntry */ INSERT INTO audit_entry (owner_id, actor_kind, actor_id, origin, request_id, action,
    reasons, customers, customer_count, subject_kind, subject_id, at)
  SELECT owner_id, $2, $3, $4, $5::uuid, $6, $7::text[], $8::int8multirange, $9::int, $10, $11::bigint,
    coalesce($12::timestamptz, clock_timestamp())
  FROM unnest($1::bigint[]) AS owner_id`;

function valuesOf(
  ownerIds: readonly string[],
  { by, action }: Deed,
  { customers, reasons, subject, at }: Changed,
): unknown[] {
  return [
    ...[ownerIds, by.kind, by.id, by.origin, by.requestId, action, reasons],
    ...[rangesOf(customers), customers.size, subject?.kind ?? null, subject?.id ?? null, at],
  ];
}
