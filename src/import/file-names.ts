import { fieldNames, type NameStyle } from '../bulk/rules.js';
import { nearest } from './nearest.js';

/** Names that only a row in GraphQL's style can have: the door knows neither references nor tags. */
const hubLists = ['externalReferences', 'tags'];

/** Every name of a row, as its style writes it: with `adminUser.login` in a table, `adminUser` in an object. */
const columnsOf: Record<NameStyle, readonly string[]> = {
  graphql: [...fieldNames.map((field) => field.graphql), ...hubLists],
  netstorming: fieldNames.flatMap(({ netstorming }) => (netstorming === null ? [] : [netstorming])),
};
const keysOf: Record<NameStyle, ReadonlySet<string>> = {
  graphql: new Set(columnsOf.graphql.map((name) => name.split('.')[0]!)),
  netstorming: new Set(columnsOf.netstorming),
};

/** Whose names these are: Netstorming's where more of them are its own than GraphQL's own. `code` and `name` are both's. */
export function styleOf(names: Iterable<string>): NameStyle {
  let lead = 0;
  for (const name of names) {
    const [ours, theirs] = [knownAs(name, 'graphql'), knownAs(name, 'netstorming')];
    if (ours !== theirs) lead += ours ? 1 : -1;
  }
  return lead < 0 ? 'netstorming' : 'graphql';
}

/** The name of a column as the rules have it, whatever its case; undefined for one that there is not. */
export function columnNamed(given: string, style: NameStyle): string | undefined {
  return columnsByKey[style].get(given.trim().toLowerCase());
}

/** What the hub computes itself: an export has it, and an import passes over it. */
export const isComputed = (given: string): boolean => /^snapshot(\.|$)/i.test(given.trim());

export const isKey = (key: string, style: NameStyle): boolean => keysOf[style].has(key);

/** What to tell of a name that there is not: ` (did you mean …?)`, or nothing. */
export function hint(given: string, style: NameStyle): string {
  const meant = translations[style].get(given.trim().toLowerCase()) ?? nearest(given, columnsOf[style]);
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}

const byKey = (names: readonly string[]) => new Map(names.map((name) => [name.toLowerCase(), name]));
const columnsByKey = { graphql: byKey(columnsOf.graphql), netstorming: byKey(columnsOf.netstorming) };

/** The name of the same field in the other style. */
const both = fieldNames.flatMap(({ graphql, netstorming }) => (netstorming === null ? [] : [{ graphql, netstorming }]));
const translations: Record<NameStyle, ReadonlyMap<string, string>> = {
  graphql: new Map(both.map((field) => [field.netstorming.toLowerCase(), field.graphql])),
  netstorming: new Map(both.map((field) => [field.graphql.toLowerCase(), field.netstorming])),
};

const knownAs = (name: string, style: NameStyle): boolean =>
  columnNamed(name, style) !== undefined || isKey(name, style);
