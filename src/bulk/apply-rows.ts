import type { Problem } from '../errors.js';
import { forgetPlans } from '../database/forget-plans.js';
import { together } from '../database/together.js';
import { theOwner } from '../database/the-owner.js';
import { EventReason } from '../event-reason.js';
import type { Secret } from '../secret.js';
import type { Write } from '../write.js';
import { Batch } from './batch.js';
import type { BatchCustomer } from './batch-customer.js';
import type { CheckedRow, ImportProfile, NameStyle } from './customer-fields.js';
import { drawIds, giveIds, insertCustomers } from './insert-customers.js';
import type { MatchedBy } from './match-row.js';
import { planRows, type PlannedRow } from './plan-rows.js';
import { storedCustomers } from './stored-customers.js';
import { storeLinks, tagsWanted } from './store-links.js';
import { listsOfOwner, takenKeys } from './taken-keys.js';
import { updateCustomers } from './update-customers.js';

/** What a row does that meets a customer by its code or an external reference: refused, merged into it, or left out. */
export type OnExisting = 'reject' | 'update' | 'skip';

export interface ApplyRows {
  /** PARTNER: a row without a type is a company, and the owner's lists of cities and languages hold (A25, A26). */
  profile: ImportProfile;
  /** Whose names stand in messages. */
  names: NameStyle;
  onExisting: OnExisting;
  /** Excluded customers are matched, and their ids told, only for those who may see them (A44). */
  showExcluded: boolean;
  /** Where the consents in the rows come from. */
  consentSource: string | null;
  secret: Secret;
  /** Reject all rows when one has a problem (REJECT_EVERYTHING). */
  allOrNothing: boolean;
  /** Whether outcomes tell the fields before and after. */
  detail: boolean;
  /**
   * With 'reject' in a rehearsal: all that later rows see of these is that a key is taken, and then it is rolled back; so
   * tags and consents are not written.
   */
  keysOnly?: boolean;
}

export interface FieldChange {
  /** GraphQL's name. */
  field: string;
  before: unknown;
  after: unknown;
}

export interface RowOutcome {
  action: 'CREATE' | 'UPDATE' | 'UNCHANGED' | 'SKIPPED' | 'REJECT';
  /** Null where the row was rejected. */
  customerId: string | null;
  /** The customer is made by these rows, by this one or an earlier one: in a dry run its id is rolled back, tell nobody. */
  isNew: boolean;
  /** The customer's code after the row; null where it was rejected. */
  code: string | null;
  matchedBy: MatchedBy | null;
  /** Whether its login was made; never without the customer (N40). */
  userMade: boolean;
  /** All that is wrong with the row; a customer without its login has problems too (A16). */
  problems: Problem[];
  changes: FieldChange[] | null;
}

/**
 * Applies judged rows to the owner's customers: the one engine behind insert, update and import. Each row is in turn
 * what a call of its own would be, but all are written together, in a fixed number of statements for any number of rows;
 * nothing that is wrong with one row touches another (A15). Gives one outcome per row, in their order.
 *
 * - A row with a `target` changes that customer. Else one that meets a customer by its code or a link is refused
 *   ('reject', A17), leaves it as it is ('skip'), or changes what it gives ('update': null clears as in updateCustomer; tags, logins
 *   and links to other systems are added to). All others make a customer.
 * - Two rows that meet the same customer do so one after the other, so it does not matter how rows are cut into batches.
 * - A row that changes nothing takes no lock, raises no version and is no event (T8).
 *
 * @param at.planned called when all that others could be waited for is done, but for keys that they take meanwhile
 */
export async function applyRows(
  tx: Write,
  rows: CheckedRow[],
  options: ApplyRows,
  at: { planned?: () => void } = {},
): Promise<RowOutcome[]> {
  const { batch, planned } = await planLocked(tx, rows, options);
  if (options.allOrNothing && planned.some(({ problems }) => problems.length > 0))
    return planned.map(({ problems }) => ({ ...refused, problems }));
  return writePlanned(tx, planned, batch, options, at);
}

/** Writes what rows were planned to become of the customers that they make and change. */
async function writePlanned(
  tx: Write,
  planned: readonly PlannedRow[],
  { created, changed, reusesCodes }: Batch,
  options: ApplyRows,
  at: { planned?: () => void } = {},
): Promise<RowOutcome[]> {
  await forgetPlans(tx, created.length + changed.length);
  await updateCustomers(tx, changed, { reusesCodes });
  giveIds(created, await drawIds(tx, created.length));
  const tagIds = await tagsWanted(tx, [...created, ...changed]);
  at.planned?.();
  await writeCustomers(tx, { created, changed }, tagIds, options);
  return outcomesOf(planned);
}

/**
 * Sends all statements for the customers that rows make, and for what hangs on these and on changed ones, before it waits for
 * an answer. With them go the snapshots and events of those that are made.
 */
export async function writeCustomers(
  tx: Write,
  { created, changed }: { created: BatchCustomer[]; changed: BatchCustomer[] },
  tagIds: ReadonlyMap<string, string>,
  options: ApplyRows,
): Promise<void> {
  const ids = created.map(({ id }) => id!);
  tx.touchRaised(ids, EventReason.CREATED);
  const written = [insertCustomers(tx, created), storeLinks(tx, [...created, ...changed], tagIds, options)];
  tx.settle(ids);
  await together(written);
}

/** What has become of rows whose customers are written, or are about to be. */
export const outcomesOf = (planned: readonly PlannedRow[]): RowOutcome[] =>
  planned.map(({ customer, ...outcome }) => ({
    ...outcome,
    customerId: customer?.id ?? null,
    isNew: customer?.isNew ?? false,
  }));

const refused = {
  ...{
    action: 'REJECT' as const,
    customerId: null,
    isNew: false,
    code: null,
    matchedBy: null,
    userMade: false,
    changes: null,
  },
};

/**
 * Plans without locks, then locks those whom the plan changes. What was changed by others in between is planned anew;
 * who is locked stays as it is, so this ends.
 */
async function planLocked(tx: Write, rows: CheckedRow[], options: ApplyRows) {
  const meets = options.onExisting !== 'reject' || rows.some(({ target }) => target);
  const lists = await listsOfOwner(tx);
  const locked = new Set<string>();
  for (;;) {
    const taken = await takenKeys(tx, rows, lists, options.showExcluded);
    const batch = new Batch(taken, meets ? await storedCustomers(tx, taken) : new Map());
    const planned = planRows(rows, batch, options);
    const due = batch.changed.filter(({ id }) => !locked.has(id!));
    if (due.length === 0 || (await lockAsSeen(tx, due))) return { batch, planned };
    for (const { id } of due) locked.add(id!);
  }
}

/** Locks customers in the order of their ids (B.3). False: one of them is not as it was seen. */
async function lockAsSeen(tx: Write, customers: BatchCustomer[]): Promise<boolean> {
  const found = await tx.rows<{ id: string; version: number }>(
    `/* lockAsSeen */ SELECT id, version FROM customer
     WHERE owner_id = ${theOwner} AND id = ANY ($2::bigint[]) ORDER BY id FOR NO KEY UPDATE`,
    [tx.ownerId, customers.map(({ id }) => id)],
  );
  const versions = new Map(found.map(({ id, version }) => [id, version]));
  return customers.every(({ id, stored }) => versions.get(id!) === stored!.customer.version);
}
