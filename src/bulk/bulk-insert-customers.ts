import type { Problem } from '../errors.js';
import type { Secret } from '../secret.js';
import type { Write } from '../write.js';
import type { BulkInsertCustomersPayload, BulkInsertResult } from './bulk-insert.types.js';
import { once } from './idempotency.js';
import { insertCustomers } from './insert-customers.js';
import { demandRows } from './limits.js';
import { checkCustomerRow, type CheckedRow, type ImportProfile, type NameStyle } from './rules.js';

export interface BulkInsert {
  rows: readonly unknown[];
  profile: ImportProfile;
  /** Which names the rows have, and the messages. */
  names: NameStyle;
  dryRun: boolean;
  allOrNothing: boolean;
  idempotencyKey: string | null;
  showExcluded: boolean;
  consentSource: string | null;
  secret: Secret;
}

export type BulkInsertAnswer = Omit<BulkInsertCustomersPayload, 'userErrors'>;

/**
 * Bulk insert with all its rules (N2–N44): judges every row, writes the good ones, answers each in its place.
 * The rows have been judged by `checkRows`; the transaction (`write` with the same `dryRun`) is the caller's.
 * @throws Rejected for what is wrong with the call as a whole
 */
export async function bulkInsertCustomers(
  tx: Write,
  insert: BulkInsert,
  checked: CheckedRow[],
): Promise<BulkInsertAnswer> {
  const { rows, profile, names, dryRun, allOrNothing } = insert;
  const call = {
    operation: 'bulkInsertCustomers',
    request: { rows, profile, names, allOrNothing },
    hashKey: insert.secret.derive('idempotency', 32),
  };
  const key = dryRun ? null : insert.idempotencyKey;
  return once(tx, key === null ? null : { ...call, key }, async () => {
    const outcomes = await insertCustomers(tx, checked, {
      names,
      secret: insert.secret,
      consentSource: insert.consentSource,
      showExcluded: insert.showExcluded,
      profile,
      allOrNothing,
    });
    const results = outcomes.map((outcome, i) => ({
      index: i + 1,
      code: checked[i]!.code,
      customer: outcome.customerId !== null,
      user: outcome.userMade,
      customerId: dryRun ? null : outcome.customerId,
    }));
    return { dryRun, results, errors: errorsOf(outcomes), counts: countsOf(results) };
  });
}

/** Judges the rows of a call by themselves, before any transaction. @throws Rejected for none or too many */
export function checkRows(
  field: string,
  rows: readonly unknown[],
  profile: ImportProfile,
  names: NameStyle,
): CheckedRow[] {
  demandRows(field, rows);
  return rows.map((row) => checkCustomerRow(row, profile, names));
}

const errorsOf = (outcomes: { problems: Problem[] }[]) =>
  outcomes.flatMap(({ problems }, i) =>
    problems.length === 0 ? [] : [{ index: i + 1, errors: problems.map((p) => p.message), details: problems }],
  );

const countsOf = (results: BulkInsertResult[]) => ({
  rows: results.length,
  customers: results.filter((result) => result.customer).length,
  users: results.filter((result) => result.user).length,
  rejected: results.filter((result) => !result.customer).length,
});
