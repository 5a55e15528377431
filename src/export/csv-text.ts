import { StartupError } from '../errors.js';
import { customerFieldNames } from './customer-pages.js';
import type { ExportedRow } from './exported-row.js';

/** What a snapshot has that its customer's own columns do not tell. */
const snapshotPaths = [
  ...['customerId', 'version', 'computedAt', 'firstName', 'lastName'],
  ...['ordersTotalCount', 'ordersTotalValue', 'ordersTotalValueExVat', 'currency', 'ordersLastDate'],
  ...['lastBooking', 'nextBooking'].flatMap((booking) =>
    ['bookingId', 'date', 'startsAt', 'service'].map((field) => `${booking}.${field}`),
  ),
  ...['acceptsMarketingEmail', 'acceptsMarketingSms'],
];

/** The names of the columns, as an import reads them. */
export const csvHeader = (): string =>
  lineOf([...customerFieldNames, 'externalReferences', 'tags', ...snapshotPaths.map((path) => `snapshot.${path}`)]);

/** A customer as a line. @throws StartupError for one that a table cannot hold */
export function csvLine(row: ExportedRow): string {
  const references = row.externalReferences.map(({ system, identifier }) => `${system}:${identifier}`);
  return lineOf([
    ...customerFieldNames.map((name) => row[name]),
    ...[listCell(row, references), listCell(row, row.tags)],
    ...snapshotPaths.map((path) => valueAt(row.snapshot, path)),
  ]);
}

/** An import parts the cell by the same mark. */
function listCell({ code }: ExportedRow, entries: string[]): string {
  const parted = entries.find((entry) => entry.includes('|'));
  if (parted === undefined) return entries.join('|');
  throw new StartupError(
    `customer ${String(code)}: ${JSON.stringify(parted)} has the mark that parts a list in CSV: export --format ndjson`,
  );
}

const valueAt = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], value);

const lineOf = (cells: readonly unknown[]): string => `${cells.map(cellOf).join(',')}\n`;

function cellOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (plain(value) ?? '');
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Numbers and marks as JSON has them; a time, which the database gives as it is, as a hub tells it. */
function plain(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
