import type { RowOutcome } from './apply-rows.js';
import type { BulkCounts, BulkInsertError, BulkInsertResult } from './bulk-answer.types.js';
import type { RowPreview } from './row-preview.types.js';
import type { CheckedRow } from './rules.js';

/** What a bulk call answers, insert or update: a result for each row, what is wrong with some, and how many became what. */
export interface BulkAnswer {
  dryRun: boolean;
  results: BulkInsertResult[];
  errors: BulkInsertError[];
  counts: BulkCounts;
}

/**
 * The answer to judged rows that were applied. A dry run tells no ids of customers that it rolled back. `previews`: of
 * the first rows, as many as were asked for.
 */
export function bulkAnswer(
  checked: CheckedRow[],
  outcomes: RowOutcome[],
  { dryRun, previews }: { dryRun: boolean; previews: (RowPreview | null)[] },
): BulkAnswer {
  const results = outcomes.map((outcome, i) => ({
    index: i + 1,
    code: checked[i]!.code || (outcome.code ?? ''),
    customer: outcome.action === 'CREATE',
    user: outcome.userMade,
    customerId: dryRun && outcome.isNew ? null : outcome.customerId,
    action: outcome.action,
    matchedBy: outcome.matchedBy,
    changes: outcome.changes,
    preview: previews[i] ?? null,
  }));
  return { dryRun, results, errors: errorsOf(outcomes), counts: countsOf(results) };
}

/** The answer to a call that was refused as a whole: no row was applied. */
export const nothingApplied = (dryRun: boolean, rows: number): BulkAnswer => ({
  dryRun,
  results: [],
  errors: [],
  counts: { ...{ rows, customers: 0, users: 0, updated: 0, unchanged: 0, skipped: 0 }, rejected: rows },
});

const errorsOf = (outcomes: RowOutcome[]): BulkInsertError[] =>
  outcomes.flatMap(({ problems }, i) =>
    problems.length === 0 ? [] : [{ index: i + 1, errors: problems.map((p) => p.message), details: problems }],
  );

function countsOf(results: BulkInsertResult[]): BulkCounts {
  const count = (action: RowOutcome['action']) => results.filter((result) => result.action === action).length;
  return {
    rows: results.length,
    customers: count('CREATE'),
    users: results.filter((result) => result.user).length,
    updated: count('UPDATE'),
    unchanged: count('UNCHANGED'),
    skipped: count('SKIPPED'),
    rejected: count('REJECT'),
  };
}
