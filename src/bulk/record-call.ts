import type { EventReason } from '../event-reason.js';
import type { Write } from '../write.js';
import { leaveSummary } from './batch-summary.js';
import { once } from './idempotency.js';
import type { RecordedRow } from './record-rows.js';
import { RecordAction, type RecordPayload, type RecordResult } from './record.types.js';

/** A call that records rows: what it asks for beside the rows. */
export interface RecordCall {
  dryRun: boolean;
  /** Reject all rows when one has a problem (REJECT_EVERYTHING). */
  allOrNothing: boolean;
  idempotencyKey: string | null;
  /** Rows about excluded customers are EXCLUDED except for those who may see them (A44). */
  showExcluded: boolean;
}

/** One row's answer, with the id of what was recorded: null where nothing is, and for what a dry run would create. */
export type RecordedResult = RecordResult & { recordId: string | null };
export type RecordAnswer = Omit<RecordPayload, 'userErrors'> & { results: RecordedResult[] };

/**
 * Runs a recording once for its idempotency key and answers it. `rows`: what was asked, the same key with other rows
 * is refused. A dry run leaves no key behind.
 * @throws Rejected IDEMPOTENCY_KEY_REUSED, IN_PROGRESS
 */
export function recordCall(
  tx: Write,
  operation: string,
  rows: readonly object[],
  call: RecordCall & { reason: EventReason },
  record: () => Promise<RecordedRow[]>,
): Promise<RecordAnswer> {
  const { idempotencyKey: key, allOrNothing, dryRun } = call;
  const named =
    key === null || dryRun
      ? null
      : {
          operation,
          key,
          request: { rows, allOrNothing, ...(tx.told.delivery ? { delivery: tx.told.delivery } : {}) },
        };
  return once(tx, named, async () => {
    const answer = answerOf(await record(), dryRun);
    const { counts } = answer;
    const summary = { operation, operationId: null, counts, reasons: [call.reason] };
    await leaveSummary(tx, tx, summary, counts.created + counts.updated);
    return answer;
  });
}

/** The answer of a call that was refused as a whole: no row was recorded. */
export const nothingRecorded = (dryRun: boolean, rows: number) => ({
  dryRun,
  results: [],
  errors: [],
  counts: { rows, created: 0, updated: 0, unchanged: 0, rejected: rows },
});

function answerOf(recorded: RecordedRow[], dryRun: boolean): RecordAnswer {
  const count = (action: RecordAction) => recorded.filter((row) => row.action === action).length;
  return {
    dryRun,
    results: recorded.map(({ number, action, id, customerId }, i) => ({
      index: i + 1,
      number,
      action,
      customerId,
      recordId: dryRun && action === RecordAction.CREATE ? null : id,
    })),
    errors: recorded.flatMap(({ problems }, i) =>
      problems.length === 0 ? [] : [{ index: i + 1, errors: problems.map((p) => p.message), details: problems }],
    ),
    counts: {
      rows: recorded.length,
      created: count(RecordAction.CREATE),
      updated: count(RecordAction.UPDATE),
      unchanged: count(RecordAction.UNCHANGED),
      rejected: count(RecordAction.REJECT),
    },
  };
}
