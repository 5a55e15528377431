import { StartupError } from '../errors.js';
import { amount } from '../terminal/amounts.js';
import { progressOn, type Progress, type Screen } from '../terminal/progress.js';
import { csvHeader, csvLine } from './csv-text.js';
import type { CustomerPages, FoundCustomer } from './customer-pages.js';
import { exportedRow } from './exported-row.js';
import { writeOut } from './write-out.js';

export interface ExportOptions {
  format: 'ndjson' | 'csv';
  /** A file; null: standard output. */
  out: string | null;
  screen: Screen;
  signal: AbortSignal;
}

/**
 * `npx stamdata export`: all customers of an owner with their snapshots, as `import` takes them back, a page in memory at
 * a time. @throws StartupError with 2 where it cannot be written, 3 where the hub failed or it was stopped
 */
export async function exportCustomers(
  from: CustomerPages,
  { format, out, screen, signal }: ExportOptions,
): Promise<void> {
  const progress = progressOn(out === null ? silent : screen);
  const written = { customers: 0 };
  try {
    await writeOut(
      textOf(from, format, (more) => show(progress, from, (written.customers += more))),
      out,
      signal,
    );
  } catch (error) {
    progress.end();
    if (!signal.aborted) throw error;
    throw new StartupError(out === null ? 'stopped' : `stopped: ${out} was not written`);
  }
  progress.end();
  if (out !== null) screen.write(`${from.owner}: ${amount(written.customers, 'customers')} in ${out}\n`);
}

/** Data and progress do not share a terminal. */
const silent: Screen = { isTTY: false, write: () => undefined };

const show = (progress: Progress, { total }: CustomerPages, done: number): void =>
  progress.show(
    { done, unit: 'customers', share: total === 0 ? 1 : Math.min(1, done / total), note: '' },
    performance.now(),
  );

/** Pages are written as a piece each: a write for each customer would cost more than its text. */
async function* textOf(
  { pages }: CustomerPages,
  format: ExportOptions['format'],
  done: (customers: number) => void,
): AsyncGenerator<string, void> {
  if (format === 'csv') yield csvHeader();
  const line = lines[format];
  for await (const page of pages) {
    if (page.length > 0) yield page.map(line).join('');
    done(page.length);
  }
}

const lines: Record<ExportOptions['format'], (customer: FoundCustomer) => string> = {
  ndjson: (customer) => `${JSON.stringify(exportedRow(customer))}\n`,
  csv: (customer) => csvLine(exportedRow(customer)),
};
