import type { Selected } from './compiled/selection.js';
import { connectionOf, type PageArguments, type PageSize } from './connection.js';

/** A row of a connection: what its cursor is made of, and the texts of its node, by the place of its selection. */
export interface TextRow {
  id: string;
  key: string | null;
  [place: number]: string;
}

/** How a connection that has only edges, nodes and page info is written. */
export interface ConnectionText {
  /** The selections of a node, by their places. */
  nodes: (readonly Selected[])[];
  /** Takes up to `size + 1` rows in the direction of the page. */
  write: (page: PageSize & PageArguments, rows: TextRow[], cursorOf: (row: TextRow) => string) => string;
}

type Written = ReturnType<typeof connectionOf<TextRow>>;

/** Null when something else is selected of it. */
export function connectionText(fields: readonly Selected[]): ConnectionText | null {
  const nodes: ConnectionText['nodes'] = [];
  const placeOf = (selected: readonly Selected[]): number => nodes.push(selected) - 1;
  const writers: ((written: Written) => string)[] = [];
  for (const { key, field, parentType, fields: below } of fields) {
    const write = field ? writerOf(field.name, below ?? [], placeOf) : constant(parentType.name);
    if (!write) return null;
    const name = JSON.stringify(key);
    writers.push((written) => `${name}:${write(written)}`);
  }
  const write: ConnectionText['write'] = (page, rows, cursorOf) => {
    const written = connectionOf(page, rows, cursorOf);
    return `{${writers.map((one) => one(written)).join(',')}}`;
  };
  return { nodes, write };
}

type Writer<Of> = (written: Of) => string;

const constant = (value: string): Writer<unknown> => {
  const text = JSON.stringify(value);
  return () => text;
};

function writerOf(
  name: string,
  below: readonly Selected[],
  placeOf: (selected: readonly Selected[]) => number,
): Writer<Written> | null {
  if (name === 'nodes') {
    const place = placeOf(below);
    return ({ nodes }) => `[${nodes.map((node) => node[place]).join(',')}]`;
  }
  if (name === 'edges') {
    const edge = objectWriter<Written['edges'][number]>(below, (field, selected) => {
      if (field === 'cursor') return ({ cursor }) => JSON.stringify(cursor);
      const place = placeOf(selected);
      return ({ node }) => node[place]!;
    });
    return ({ edges }) => `[${edges.map(edge).join(',')}]`;
  }
  if (name !== 'pageInfo') return null;
  const info = objectWriter<Written['pageInfo']>(
    below,
    (field) => (pageInfo) => JSON.stringify(pageInfo[field as keyof Written['pageInfo']]),
  );
  return ({ pageInfo }) => info(pageInfo);
}

function objectWriter<Of>(
  fields: readonly Selected[],
  writerOfField: (name: string, below: readonly Selected[]) => Writer<Of>,
): Writer<Of> {
  const writers = fields.map(({ key, field, parentType, fields: below }) => {
    const name = JSON.stringify(key);
    const write = field ? writerOfField(field.name, below ?? []) : constant(parentType.name);
    return (of: Of) => `${name}:${write(of)}`;
  });
  return (of) => `{${writers.map((write) => write(of)).join(',')}}`;
}
