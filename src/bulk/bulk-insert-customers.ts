import type { Secret } from '../secret.js';
import type { Write } from '../write.js';
import { applyInParts } from './apply-in-parts.js';
import type { OnExisting } from './apply-rows.js';
import { leaveSummary, reasonsOfRows } from './batch-summary.js';
import { bulkAnswer, type BulkAnswer } from './bulk-answer.js';
import { once } from './idempotency.js';
import type { RowsPreview } from './preview-rows.js';
import { checkCustomerRow, type ImportProfile, type NameStyle } from './rules.js';

export interface BulkInsert {
  rows: readonly unknown[];
  profile: ImportProfile;
  /** Which names the rows have, and the messages. */
  names: NameStyle;
  dryRun: boolean;
  /** What a row does that meets a customer. Default: 'reject'. */
  onExisting?: OnExisting;
  /** Whether results tell the fields before and after. */
  showChanges?: boolean;
  allOrNothing: boolean;
  idempotencyKey: string | null;
  showExcluded: boolean;
  consentSource: string | null;
  secret: Secret;
  /** What the first rows of a dry run would lead to. Default: nothing is told. */
  preview?: RowsPreview | null;
}

/**
 * Bulk insert with all its rules (N2–N44): judges every row, writes the good ones, answers each in its place.
 * The transaction (`write` with the same `dryRun`) is the caller's, and so is `demandRows` before it.
 * @throws Rejected for what is wrong with the call as a whole
 */
export async function bulkInsertCustomers(tx: Write, insert: BulkInsert): Promise<BulkAnswer> {
  const { rows, profile, names, dryRun, allOrNothing, onExisting = 'reject', showChanges = false } = insert;
  const call = {
    operation: 'bulkInsertCustomers',
    // what was not there yet when a stored key was used, and is as then, has no part in its hash
    request: {
      ...{ rows, profile, names, allOrNothing },
      ...(onExisting === 'reject' ? {} : { onExisting }),
      ...(showChanges ? { showChanges } : {}),
      ...(tx.told.delivery ? { delivery: tx.told.delivery } : {}),
    },
    hashKeys: insert.secret.deriveEach('idempotency', 32),
  };
  const key = dryRun ? null : insert.idempotencyKey;
  return once(tx, key === null ? null : { ...call, key }, async () => {
    const check = (row: unknown) => checkCustomerRow(row, profile, names);
    const { checked, outcomes } = await applyInParts(tx, rows, check, {
      ...{ names, profile, onExisting, allOrNothing, detail: showChanges },
      secret: insert.secret,
      consentSource: insert.consentSource,
      showExcluded: insert.showExcluded,
    });
    const previews = (await insert.preview?.(tx, outcomes)) ?? [];
    const answer = bulkAnswer(checked, outcomes, { dryRun, previews });
    const { counts } = answer;
    const summary = { operation: call.operation, operationId: null, counts, reasons: reasonsOfRows };
    await leaveSummary(tx, tx, summary, counts.customers + counts.updated);
    return answer;
  });
}
