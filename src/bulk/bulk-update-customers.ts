import type { Secret } from '../secret.js';
import type { Write } from '../write.js';
import { applyRows } from './apply-rows.js';
import { leaveSummary, reasonsOfRows } from './batch-summary.js';
import { bulkAnswer, type BulkAnswer } from './bulk-answer.js';
import { once } from './idempotency.js';
import type { RowsPreview } from './preview-rows.js';
import type { CheckedRow } from './rules.js';

export interface BulkUpdate {
  rows: readonly unknown[];
  dryRun: boolean;
  allOrNothing: boolean;
  showChanges: boolean;
  idempotencyKey: string | null;
  showExcluded: boolean;
  consentSource: string | null;
  secret: Secret;
  /** What the first rows of a dry run would lead to; null: nothing is told. */
  preview: RowsPreview | null;
}

/**
 * Bulk update (T8): changes the fields that rows give of customers that they name, and answers each row in its place.
 * The rows have been judged by `checkUpdateRow`; the transaction (`write` with the same `dryRun`) is the caller's.
 * @throws Rejected for what is wrong with the call as a whole
 */
export async function bulkUpdateCustomers(tx: Write, update: BulkUpdate, checked: CheckedRow[]): Promise<BulkAnswer> {
  const { rows, dryRun, allOrNothing, showChanges } = update;
  const call = {
    operation: 'bulkUpdateCustomers',
    request: { rows, allOrNothing, showChanges, ...(tx.told.delivery ? { delivery: tx.told.delivery } : {}) },
    hashKeys: update.secret.deriveEach('idempotency', 32),
  };
  const key = dryRun ? null : update.idempotencyKey;
  return once(tx, key === null ? null : { ...call, key }, async () => {
    const outcomes = await applyRows(tx, checked, {
      ...{ profile: 'STANDARD', names: 'graphql', onExisting: 'reject', allOrNothing, detail: showChanges },
      showExcluded: update.showExcluded,
      consentSource: update.consentSource,
      secret: update.secret,
    });
    const previews = (await update.preview?.(tx, outcomes)) ?? [];
    const answer = bulkAnswer(checked, outcomes, { dryRun, previews });
    const { counts } = answer;
    const summary = { operation: call.operation, operationId: null, counts, reasons: reasonsOfRows };
    await leaveSummary(tx, tx, summary, counts.customers + counts.updated);
    return answer;
  });
}
