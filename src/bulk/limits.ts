import { Rejected, problem } from '../errors.js';

export const maxRows = 10_000;

/** The list of a bulk call must have 1 to 10,000 rows. @throws Rejected REQUIRED or LIMIT_EXCEEDED for the whole call */
export function demandRows(field: string, rows: readonly unknown[]): void {
  if (rows.length === 0) throw new Rejected([problem('REQUIRED', field, `missing ${field} (send at least one row)`)]);
  if (rows.length > maxRows)
    throw new Rejected([
      problem('LIMIT_EXCEEDED', field, `invalid ${field} (${rows.length} rows; at most 10,000 in a call)`),
    ]);
}
