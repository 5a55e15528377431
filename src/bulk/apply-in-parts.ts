import type { Write } from '../write.js';
import { applyRows, writePlanned, type ApplyRows, type RowOutcome } from './apply-rows.js';
import { Batch } from './batch.js';
import type { CheckedRow } from './customer-fields.js';
import { planRows } from './plan-rows.js';
import { takenKeys, type TakenKeys } from './taken-keys.js';

/** Few enough that PostgreSQL waits little for the first part, many enough that its statements cost each row nothing. */
const partRows = 2_000;
const firstRows = 500;
/** So many rows are judged before PostgreSQL's answers are looked at again: about a millisecond. */
const sliceRows = 100;

interface Applied {
  checked: CheckedRow[];
  outcomes: RowOutcome[];
}

/**
 * Judges rows by `check` and applies them as `applyRows` does, with the same outcomes, but in parts: while PostgreSQL writes
 * one, the next one is judged and planned. Where rows depend on all others, as with `allOrNothing`, and where they may meet
 * customers, they are one part.
 */
export async function applyInParts(
  tx: Write,
  rows: readonly unknown[],
  check: (row: unknown) => CheckedRow,
  options: ApplyRows,
): Promise<Applied> {
  if (!options.allOrNothing && options.onExisting === 'reject') return applyParts(tx, partsOf(rows), check, options);
  const checked = await judged(rows, check);
  return { checked, outcomes: await applyRows(tx, checked, options) };
}

function partsOf(rows: readonly unknown[]): (readonly unknown[])[] {
  const parts = [rows.slice(0, firstRows)];
  for (let start = firstRows; start < rows.length; start += partRows) parts.push(rows.slice(start, start + partRows));
  return parts;
}

/**
 * The parts share a batch, which knows what each has made of a key. So it does not matter that a part is looked up while the
 * one before is not written yet.
 */
async function applyParts(
  tx: Write,
  parts: (readonly unknown[])[],
  check: (row: unknown) => CheckedRow,
  options: ApplyRows,
): Promise<Applied> {
  const all: Applied = { checked: [], outcomes: [] };
  let batch: Batch | null = null;
  const plan = (checked: CheckedRow[], taken: TakenKeys) => {
    batch?.know(taken);
    batch ??= new Batch(taken, new Map());
    const before = batch.created.length;
    const planned = planRows(checked, batch, options);
    return { planned, created: batch.created.slice(before) };
  };
  const lookUp = async (part: readonly unknown[]) => {
    const checked = await judged(part, check);
    all.checked.push(...checked);
    return { checked, taken: await takenKeys(tx, checked, options.showExcluded) };
  };
  let writing: Promise<RowOutcome[]> = Promise.resolve([]);
  try {
    let next = await lookUp(parts[0]!);
    for (let part = 0; part < parts.length; part++) {
      const { planned, created } = plan(next.checked, next.taken);
      if (part + 1 < parts.length) next = await lookUp(parts[part + 1]!);
      const written = await writing;
      all.outcomes.push(...written);
      void tx.settle(madeBy(written)); // none of them will change again
      writing = writePlanned(tx, planned, { created, changed: [], reusesCodes: false }, options);
      writing.catch(() => undefined); // it is thrown where it is waited for
    }
  } catch (error) {
    await writing; // the first error tells, and nothing may be on its way any more
    throw error;
  }
  all.outcomes.push(...(await writing));
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
