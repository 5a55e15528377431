import type { Problem } from '../errors.js';
import { problem } from '../errors.js';
import { caselessKey } from '../format/caseless.js';
import type { Write } from '../write.js';
import { applyRows, type ApplyRows, type RowOutcome } from './apply-rows.js';
import type { CheckedRow } from './customer-fields.js';

/** Few enough that PostgreSQL waits little for the first part, many enough that its statements cost each row nothing. */
const partRows = 2_000;
/** So many rows are judged before PostgreSQL's answers are looked at again: about a millisecond. */
const sliceRows = 100;

/**
 * Judges rows by `check` and applies them as `applyRows` does, with the same outcomes, but in parts: while PostgreSQL writes
 * one, the next one is judged. Of 10,000 rows that takes a sixth of the time away. Where rows depend on all others, as
 * with `allOrNothing`, and where they may meet customers, they are one part.
 */
export async function applyInParts(
  tx: Write,
  rows: readonly unknown[],
  check: (row: unknown) => CheckedRow,
  options: ApplyRows,
): Promise<{ checked: CheckedRow[]; outcomes: RowOutcome[] }> {
  const size = options.allOrNothing || options.onExisting !== 'reject' ? rows.length : partRows;
  const all = { checked: [] as CheckedRow[], outcomes: [] as RowOutcome[] };
  const earlier = { ids: new Set<string>(), logins: new Set<string>() };
  let writing: Promise<void> = Promise.resolve();
  for (let start = 0; start < rows.length; start += size) {
    const checked = await judged(rows.slice(start, start + size), check);
    await writing;
    all.checked.push(...checked);
    const made = madeBy(all.outcomes.slice(start - size)); // of the part before; none of them will change again
    writing = applyRows(tx, checked, options, { lookedUp: () => void tx.settle(made) }).then((outcomes) => {
      all.outcomes.push(...outcomes.map((outcome, i) => asOfOneCall(outcome, checked[i]!, earlier)));
      note(earlier, checked, outcomes);
    });
    writing.catch(() => undefined); // it is thrown where it is waited for
  }
  await writing;
  return all;
}

/** Lets go in between: the statements of the part before follow each other meanwhile. */
async function judged(rows: readonly unknown[], check: (row: unknown) => CheckedRow): Promise<CheckedRow[]> {
  const checked: CheckedRow[] = [];
  for (let start = 0; start < rows.length; start += sliceRows) {
    checked.push(...rows.slice(start, start + sliceRows).map(check));
    await new Promise(setImmediate);
  }
  return checked;
}

/** The customers that rows have made. */
export const madeBy = (outcomes: RowOutcome[]): string[] =>
  outcomes.flatMap(({ action, customerId }) => (action === 'CREATE' ? [customerId!] : []));

interface Earlier {
  ids: Set<string>;
  logins: Set<string>;
}

function note(earlier: Earlier, checked: CheckedRow[], outcomes: RowOutcome[]): void {
  for (const [i, { action, customerId, userMade }] of outcomes.entries()) {
    if (action === 'CREATE') earlier.ids.add(customerId!);
    if (userMade) earlier.logins.add(caselessKey(checked[i]!.login!));
  }
}

/** What an earlier part has taken was sent twice: for whoever called there are no parts. */
function asOfOneCall(outcome: RowOutcome, { login }: CheckedRow, earlier: Earlier): RowOutcome {
  if (!outcome.problems.some(({ code }) => code === 'TAKEN')) return outcome;
  const ofEarlier = ({ code, field, existingId }: Problem) =>
    code === 'TAKEN' &&
    (existingId
      ? earlier.ids.has(existingId)
      : field === 'adminUser.login' && login !== undefined && earlier.logins.has(caselessKey(login)));
  return {
    ...outcome,
    problems: outcome.problems.map((one) =>
      ofEarlier(one) ? problem('DUPLICATE_IN_INPUT', one.field, one.message) : one,
    ),
  };
}
