import type { Write } from '../write.js';
import { forgetPlans } from '../database/forget-plans.js';
import { together } from '../database/together.js';
import { applyRows, outcomesOf, writeCustomers, type ApplyRows, type RowOutcome } from './apply-rows.js';
import { Batch } from './batch.js';
import type { CheckedRow } from './customer-fields.js';
import { drawIds, giveIds } from './insert-customers.js';
import { planRows } from './plan-rows.js';
import { tagsWanted } from './store-links.js';
import { listsOfOwner, takenKeys, type TakenKeys } from './taken-keys.js';

/**
 * Few enough that PostgreSQL waits little for the first part; each has twice the rows of the one before, about as many as can be
 * judged while that one is written, until its statements cost a row nothing.
 */
const firstRows = 250;
const partRows = 2_000;
/** So many rows are judged in one turn of the event loop: about a millisecond. */
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
  for (let start = firstRows, size = firstRows; start < rows.length; start += size) {
    size = Math.min(2 * size, partRows);
    parts.push(rows.slice(start, start + size));
  }
  return parts;
}

/**
 * The parts share a batch, which knows what each has made of a key. So it does not matter that a part is looked up before the
 * one before is written. The statements of a part are sent while PostgreSQL is at those of the one before: it never waits.
 */
async function applyParts(
  tx: Write,
  parts: (readonly unknown[])[],
  check: (row: unknown) => CheckedRow,
  options: ApplyRows,
): Promise<Applied> {
  const all: Applied = { checked: [], outcomes: [] };
  const tagIds = new Map<string, string>();
  const written: Promise<void>[] = [];
  const lists = await listsOfOwner(tx);
  let batch: Batch | null = null;
  const plan = ({ checked, taken }: { checked: CheckedRow[]; taken: TakenKeys }) => {
    batch?.know(taken);
    batch ??= new Batch(taken, new Map());
    const before = batch.created.length;
    const planned = planRows(checked, batch, options);
    return { planned, created: batch.created.slice(before) };
  };
  const lookUp = async (checked: CheckedRow[]) => {
    const [taken, ids] = await Promise.all([
      takenKeys(tx, checked, lists, options.showExcluded),
      drawIds(tx, checked.length),
    ]);
    return { checked, taken, ids };
  };
  try {
    let due = lookUp(await judged(parts[0]!, check));
    let ahead = judged(parts[1] ?? [], check);
    for (let part = 0; part < parts.length; part++) {
      const found = await due;
      const { planned, created } = plan(found);
      giveIds(created, found.ids);
      for (const [key, id] of await tagsWanted(tx, created, tagIds)) tagIds.set(key, id);
      const checked = await ahead;
      if (part + 1 < parts.length) due = lookUp(checked);
      if (all.outcomes.length < partRows) forgetPlans(tx, created.length).catch(() => undefined); // what follows fails too
      const one = writeCustomers(tx, { created, changed: [] }, tagIds, options);
      one.catch(() => undefined); // it is thrown where it is waited for
      written.push(one);
      ahead = judged(parts[part + 2] ?? [], check);
      all.checked.push(...found.checked);
      all.outcomes.push(...outcomesOf(planned));
    }
  } finally {
    await together(written); // the first error tells, and nothing may be on its way any more
  }
  return all;
}

/** Lets go in between, for others and for PostgreSQL's answers. */
async function judged(rows: readonly unknown[], check: (row: unknown) => CheckedRow): Promise<CheckedRow[]> {
  const checked: CheckedRow[] = [];
  for (let start = 0; start < rows.length; start += sliceRows) {
    checked.push(...rows.slice(start, start + sliceRows).map(check));
    await new Promise(setImmediate);
  }
  return checked;
}
