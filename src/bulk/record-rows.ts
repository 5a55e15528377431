import type { IdentifiedCustomer } from '../customer/identify-customers.js';
import { identifyCustomers, judgeIdentified } from '../customer/identify-customers.js';
import type { CustomerIdentifierInput } from '../customer/customer-identifier.input.js';
import { forgetPlans } from '../database/forget-plans.js';
import { theOwner } from '../database/the-owner.js';
import { problem, type Problem } from '../errors.js';
import type { EventReason } from '../event-reason.js';
import { Raced, type Write } from '../write.js';
import { RecordAction } from './record.types.js';

/** A row that was judged by itself. `row` is null when it could not be read; then it has problems. */
export interface RowToRecord<Row> {
  customer: CustomerIdentifierInput;
  /** The number as sent, fit for an answer. */
  number: string;
  row: Row | null;
  problems: Problem[];
}

/** A row to write: what it says, about whom, and what was recorded under its number before. */
export interface RecordChange<Row, Stored> {
  /** Place in the call, from 0. */
  index: number;
  customerId: string;
  row: Row;
  stored: Stored | null;
}

/** What is recorded under numbers (orders, bookings), and how: each function is for any number of rows. */
export interface Recordable<Row, Stored extends { id: string; customerId: string }> {
  reason: EventReason;
  /** What a row is known by; two rows of one call must not share it. */
  keyOf(row: Row | Stored): string;
  /** What is recorded under the rows' keys; with `lock` their rows are locked, in the order of their ids. */
  find(tx: Write, rows: Row[], options: { lock: boolean }): Promise<Stored[]>;
  isSame(row: Row, stored: Stored): boolean;
  /** Writes the changes; the customers are locked. Gives the ids of what was written by the changes' index. */
  write(tx: Write, changes: RecordChange<Row, Stored>[]): Promise<Map<number, string>>;
}

export interface RecordedRow {
  number: string;
  action: RecordAction;
  id: string | null;
  customerId: string | null;
  problems: Problem[];
}

/**
 * Creates or updates what rows say, by their number: a fixed number of statements for any number of rows, and nothing
 * that is wrong with one row touches another (A15). Answers one outcome per row, in their order. A row that says what
 * is recorded already changes nothing: no lock, no event.
 *
 * Reads once without locks, then locks the customers of the rows that differ, in the order of their ids, and reads
 * those again. Every writer of orders and bookings locks the customer first, so what the second reading sees stays.
 */
export async function recordRows<Row, Stored extends { id: string; customerId: string }>(
  tx: Write,
  rows: RowToRecord<Row>[],
  kind: Recordable<Row, Stored>,
  options: { allOrNothing: boolean; showExcluded: boolean },
): Promise<RecordedRow[]> {
  const customers = await identifyCustomers(
    tx,
    tx.ownerId,
    rows.map((row) => row.customer),
  );
  const problems = judgeRows(rows, customers, kind, options.showExcluded);
  const refused = options.allOrNothing && problems.some((list) => list.length > 0);
  const good = rows.flatMap(({ row }, index) =>
    refused || problems[index]!.length > 0
      ? []
      : [{ index, row: row!, customerId: customers[index]!.id, stored: null }],
  );
  const outcomes = await writeDifferent(tx, good, kind, options.showExcluded);
  return rows.map(({ number }, index) => ({
    number,
    ...(outcomes.get(index) ?? { action: RecordAction.REJECT, id: null }),
    customerId: isShown(customers[index]!, options.showExcluded) ? customers[index]!.id : null,
    problems: problems[index]!,
  }));
}

const isShown = (customer: IdentifiedCustomer | null, showExcluded: boolean) =>
  customer !== null && (showExcluded || !customer.excluded);

/** All problems of each row. Of rows with one number the first good one wins: a rejected row does not occupy it. */
function judgeRows<Row, Stored extends { id: string; customerId: string }>(
  rows: RowToRecord<Row>[],
  customers: (IdentifiedCustomer | null)[],
  kind: Recordable<Row, Stored>,
  showExcluded: boolean,
): Problem[][] {
  const used = new Set<string>();
  return rows.map(({ row, problems }, index) => {
    const wrong = judgeIdentified(customers[index]!, { field: 'customer', showExcluded });
    const all = wrong ? [wrong, ...problems] : [...problems];
    const key = row === null ? null : kind.keyOf(row);
    if (key !== null && used.has(key)) all.push(problem('DUPLICATE_IN_INPUT', 'number', 'invalid number (sent twice)'));
    if (key !== null && all.length === 0) used.add(key);
    return all;
  });
}

type Outcomes = Map<number, { action: RecordAction; id: string }>;

async function writeDifferent<Row, Stored extends { id: string; customerId: string }>(
  tx: Write,
  good: RecordChange<Row, Stored>[],
  kind: Recordable<Row, Stored>,
  showExcluded: boolean,
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const first = await withStored(tx, good, kind, { lock: false });
  const differing = differingOf(first, kind, outcomes);
  if (differing.length === 0) return outcomes;
  const locked = await lockCustomersOf(tx, differing, showExcluded);
  const second = await withStored(tx, differing, kind, { lock: true });
  if (second.some(({ stored }) => stored && !locked.has(stored.customerId))) throw new Raced(); // moved in between
  const changes = differingOf(second, kind, outcomes);
  await forgetPlans(tx, changes.length);
  const ids = changes.length === 0 ? new Map<number, string>() : await kind.write(tx, changes);
  for (const { index, stored } of changes)
    outcomes.set(index, { action: stored ? RecordAction.UPDATE : RecordAction.CREATE, id: ids.get(index)! });
  tx.touch(customersOf(changes), kind.reason);
  return outcomes;
}

async function withStored<Row, Stored extends { id: string; customerId: string }>(
  tx: Write,
  changes: RecordChange<Row, Stored>[],
  kind: Recordable<Row, Stored>,
  options: { lock: boolean },
): Promise<RecordChange<Row, Stored>[]> {
  if (changes.length === 0) return [];
  const found = await kind.find(
    tx,
    changes.map((change) => change.row),
    options,
  );
  const byKey = new Map(found.map((stored) => [kind.keyOf(stored), stored]));
  return changes.map((change) => ({ ...change, stored: byKey.get(kind.keyOf(change.row)) ?? null }));
}

/** The rows that say something new; the others are noted as UNCHANGED. */
function differingOf<Row, Stored extends { id: string; customerId: string }>(
  changes: RecordChange<Row, Stored>[],
  kind: Recordable<Row, Stored>,
  outcomes: Outcomes,
): RecordChange<Row, Stored>[] {
  return changes.filter(({ index, row, customerId, stored }) => {
    if (stored?.customerId !== customerId || !kind.isSame(row, stored)) return true;
    outcomes.set(index, { action: RecordAction.UNCHANGED, id: stored.id });
    return false;
  });
}

/** Locks those who get a record and those who lose one. A customer that is gone or excluded by now starts the write anew. */
async function lockCustomersOf<Stored extends { customerId: string }>(
  tx: Write,
  changes: RecordChange<unknown, Stored>[],
  showExcluded: boolean,
): Promise<Set<string>> {
  const rows = await tx.rows<{ id: string; excluded: boolean }>(
    `/* lockCustomersOfRows */ SELECT id, excluded FROM customer
     WHERE owner_id = ${theOwner} AND id = ANY ($2::bigint[]) ORDER BY id FOR NO KEY UPDATE`,
    [tx.ownerId, [...customersOf(changes)]],
  );
  const shown = new Set(rows.filter(({ excluded }) => showExcluded || !excluded).map(({ id }) => id));
  if (changes.some(({ customerId }) => !shown.has(customerId))) throw new Raced();
  return new Set(rows.map(({ id }) => id));
}

const customersOf = (changes: RecordChange<unknown, { customerId: string }>[]): Set<string> =>
  new Set(changes.flatMap(({ customerId, stored }) => (stored ? [stored.customerId, customerId] : [customerId])));
