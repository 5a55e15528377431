import type { NameStyle } from '../bulk/rules.js';
import { columnNamed, hint, isComputed, styleOf } from './file-names.js';
import { malformedFile } from './refused.js';

/** How the cells of a file become the fields of a row. */
export interface CsvColumns {
  names: NameStyle;
  count: number;
  /** An empty cell is not given: it leaves the field of a customer that is updated as it is. */
  rowOf: (cells: readonly string[]) => Record<string, unknown>;
}

/**
 * Reads the header: GraphQL's names (`adminUser.login`, `externalReferences` as `SYSTEM:identifier` and `tags`, both
 * parted by `|`) or Netstorming's, in any case; `snapshot.…` is passed over. @throws ImportRefused that names every column that is unknown or twice
 */
export function csvColumns(header: readonly string[]): CsvColumns {
  const names = styleOf(header);
  const columns = header.map((cell) => (isComputed(cell) ? cell.trim() : columnNamed(cell, names)));
  const wrong = [
    ...header.flatMap((cell, i) => (columns[i] === undefined ? [unknown(cell, i, names)] : [])),
    ...columns
      .filter((name, i) => name !== undefined && columns.indexOf(name) < i)
      .map((name) => `the column ${name} is there twice`),
    ...['code', 'name'].filter((name) => !columns.includes(name)).map((name) => `the column ${name} is missing`),
  ];
  if (wrong.length > 0) throw malformedFile(`line 1: ${wrong.join('; ')}`, 1);
  const setters = columns.map((name) => setterOf(name!));
  return {
    names,
    count: setters.length,
    rowOf: (cells) => {
      const row: Record<string, unknown> = {};
      for (let i = 0; i < setters.length; i++) if (cells[i] !== '') setters[i]!(row, cells[i]!);
      return row;
    },
  };
}

const unknown = (cell: string, i: number, names: NameStyle): string =>
  cell.trim() === ''
    ? `column ${i + 1} has no name`
    : `unknown column ${JSON.stringify(cell.slice(0, 64))}${hint(cell, names)}`;

type Setter = (row: Record<string, unknown>, cell: string) => void;

function setterOf(name: string): Setter {
  if (isComputed(name)) return () => undefined;
  if (name === 'tags') return (row, cell) => (row.tags = listOf(cell));
  if (name === 'externalReferences') return (row, cell) => (row.externalReferences = listOf(cell).map(referenceOf));
  const [outer, inner] = name.split('.') as [string, string | undefined];
  if (inner === undefined) return (row, cell) => (row[outer] = cell);
  return (row, cell) => (((row[outer] ??= {}) as Record<string, unknown>)[inner] = cell);
}

const listOf = (cell: string): string[] => cell.split('|').map((entry) => entry.trim());

/** The first colon parts them: an identifier may have more. */
function referenceOf(entry: string): { system: string; identifier?: string } {
  const colon = entry.indexOf(':');
  return colon < 0 ? { system: entry } : { system: entry.slice(0, colon), identifier: entry.slice(colon + 1) };
}
