import type { FieldChange, RowOutcome } from '../bulk/apply-rows.js';
import type { CheckedRow } from '../bulk/rules.js';
import type { Database } from '../database/database.js';
import { storableEcho } from '../format/text.js';
import type { FileRow } from './file-row.js';

export interface StoredChunk {
  firstRow: number;
  /** A line of JSON for each of its rows, each with its newline. */
  lines: string;
}

/**
 * What became of each row of a chunk, a line of JSON for each: its line in the file, the code as given, the action, the
 * customer, and all that is wrong. `hide`: ids that a dry run used and that are rolled back with it.
 */
export const resultLines = (
  rows: readonly { row: FileRow; checked: CheckedRow }[],
  outcomes: readonly RowOutcome[],
  hide: (customerId: string) => boolean,
): string =>
  rows
    .map(({ row, checked }, i) => {
      const { action, customerId, matchedBy, problems, changes } = outcomes[i]!;
      const line = {
        line: row.line,
        code: storableEcho(checked.code),
        action,
        customerId: customerId === null || hide(customerId) ? null : customerId,
        matchedBy,
        errors: problems.map((problem) => problem.message),
        ...(problems.length > 0 ? { problems } : {}),
      };
      const text = JSON.stringify(line);
      return changes ? `${text.slice(0, -1)},"changes":[${changes.map(changeText).join(',')}]}\n` : `${text}\n`;
    })
    .join('');

/** By itself: of the time of a dry run, `JSON.stringify` of whole lines took a tenth. */
const changeText = ({ field, before, after }: FieldChange): string =>
  `{"field":"${field}","before":${JSON.stringify(before)},"after":${JSON.stringify(after)}}`;

/**
 * The lines of those rows that something is wrong with, as the answer of the import tells them. One whose customer was
 * written, but not its login (A16), has its action beside.
 */
export function problemLines(lines: string): string {
  let text = '';
  for (const stored of lines.split('\n')) {
    if (stored === '' || stored.includes('"errors":[]')) continue;
    const { line, code, action, errors } = JSON.parse(stored) as {
      line: number;
      code: string;
      action: string;
      errors: string[];
    };
    if (errors.length === 0) continue;
    text += `${JSON.stringify({ line, code, ...(action === 'REJECT' ? {} : { action }), errors })}\n`;
  }
  return text;
}

/** The next stored chunk that begins behind a row; undefined: there is none (yet). */
export async function chunkAfter(
  db: Database,
  ownerId: string,
  operationId: string,
  row: number,
): Promise<StoredChunk | undefined> {
  const [chunk] = await db.asOwner(ownerId, (sql) =>
    sql.rows<StoredChunk>(
      `/* chunkAfter */ SELECT first_row AS "firstRow", lines FROM bulk_operation_result
       WHERE owner_id = $1 AND operation_id = $2 AND first_row > $3 ORDER BY first_row LIMIT 1`,
      [ownerId, operationId, row],
    ),
  );
  return chunk;
}
