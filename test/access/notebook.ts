import type { Clone } from '../database-clone.js';

/** Ids of every table are numbers of 14 digits with a range of their own, so that any text says which of its numbers are ids. */
const range = 10 ** 12;
const start = 10 * range;
const unused = range / 2;

/** Has the tables of a fresh database count from where their ranges begin. Gives their names, in the order of the ranges. */
export async function partIds(clone: Clone): Promise<string[]> {
  const tables = await clone.sql<{ name: string; sequence: string }>(
    `SELECT table_name AS name, pg_get_serial_sequence(table_name, 'id') AS sequence FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'id' AND is_identity = 'YES' ORDER BY 1`,
  );
  for (const [i, { sequence }] of tables.entries())
    await clone.sql(`SELECT setval('${sequence}', ${start + i * range})`);
  return tables.map(({ name }) => name);
}

/**
 * What an owner has been told, in words that do not depend on what else is in the hub: an id by its table and by when it was
 * first met, a moment of today and what is random by what it is. And the ids by which it goes on.
 */
export class Notebook {
  private readonly names = new Map<string, string>();
  private readonly met = new Map<string, string[]>();

  constructor(private readonly tables: readonly string[]) {}

  /** The nth of its own things of a table; there are none: undefined. */
  nth(table: string, n: number): string | undefined {
    return this.met.get(table)?.[n];
  }

  /** An id of a table that nobody has or will have: the nth that is kept free for this owner. */
  never(table: string, owner: number, n: number): string {
    return String(start + this.tables.indexOf(table) * range + unused + owner * 10 + n);
  }

  /** It may send this id, which is not its own: when that comes back, it has this name. */
  hear(id: string, name: string): string {
    if (!this.names.has(id)) this.names.set(id, name);
    return id;
  }

  told(text: string): string {
    return masks
      .reduce((masked, [pattern, name]) => masked.replace(pattern, name), text)
      .replace(/\b[1-5]\d{13}\b/g, (id) => this.names.get(id) ?? this.name(id));
  }

  private name(id: string): string {
    const table = this.tables[Math.floor((Number(id) - start) / range)] ?? 'number';
    const known = this.met.get(table) ?? [];
    this.met.set(table, [...known, id]);
    const name = `<${table} ${known.length}>`;
    this.names.set(id, name);
    return name;
  }
}

/** What a hub makes of its clock or of chance. A moment on the full hour is one that the owner has said. */
const masks: [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT(?!\d\d:00:00(\.000)?Z)[\d:.]+(Z|\+00:00)/g, '<moment>'],
  [/stam_live_\w+|whsec_[\w+/=]+|(evt|test|state|replay|ntc)_[\w-]{8,}/g, '<random>'],
  [
    /("(?:cursor|feedCursor|startCursor|endCursor|publicId|requestId|durationMs|lagSeconds)":)("[^"]*"|[\d.]+)/g,
    '$1"<random>"',
  ],
  [/http:\/\/127\.0\.0\.1:\d+/g, '<receiver>'],
];
