import { facet, facetColumns, type Facet } from '../../search/search-text.sql.js';
import { hasPiece, ungroupedPiece, type SearchColumn } from '../../search/search-piece.sql.js';
import { toE164 } from '../../format/phone.js';
import type { Comparisons, Place } from './comparisons.js';
import type { Operator } from './filter-inputs.js';

/** Operators whose value is a piece of the text by which a customer is found (src/search/search-text.sql.ts). */
const ofPieces = ['eq', 'in', 'contains', 'startsWith'] as const;

/**
 * Adds to comparisons of a text what the index of trigrams can answer: the customers whose search text has the value in it.
 * These are all for whom the comparison holds, and few more. `pieces`: what of a value stands there; `column`: where.
 */
export function byPiece<C extends Comparisons>(
  comparisons: C,
  {
    operators = ofPieces,
    pieces = (value) => [value],
    column = 'text',
  }: { operators?: readonly Operator[]; pieces?: (value: string) => (string | null)[]; column?: SearchColumn } = {},
): C {
  const narrowed = Object.entries(comparisons).map(([name, compare]) => {
    if (!operators.includes(name as Operator)) return [name, compare];
    const both = (value: string | string[], at: Place) => {
      const wanted = new Set([value].flat().flatMap(pieces));
      wanted.delete(null);
      const exact = (compare as (value: unknown, at: Place) => string)(value, at);
      return `${haveAny([...wanted] as string[], column, at)} AND ${exact}`;
    };
    return [name, both];
  });
  return Object.fromEntries(narrowed) as C;
}

/** What of a telephone number stands in the search text: it itself without gaps, or its E.164 form. */
export const numberPieces = (value: string): (string | null)[] => {
  const compact = ungroupedPiece(value);
  return [compact, compact.startsWith('00') ? compact.replace(/^00/, '+') : null, toE164(value, null)];
};

/** Adds to comparisons of a field with few values what the index of these can answer, but for the usual value. */
export function byFacet<C extends Comparisons>(
  field: Facet,
  comparisons: C,
  stored: (value: never) => unknown = (value) => value,
): C {
  const usual = (facetColumns[field] as { usual?: unknown }).usual;
  const { eq, in: oneOf } = comparisons as unknown as Record<'eq' | 'in', Compare | undefined>;
  const having = (values: unknown[], at: Place, exact: string): string =>
    values.includes(usual) && usual !== undefined
      ? exact
      : `search.facets && ${at(values.map((value) => facet(field, value)))}::text[] AND ${exact}`;
  return {
    ...comparisons,
    ...(eq && { eq: (value: never, at: Place) => having([stored(value)], at, eq(value, at)) }),
    ...(oneOf && { in: (values: never[], at: Place) => having(values.map(stored), at, oneOf(values, at)) }),
  };
}

/** The same for a text that many customers share, such as a city: its facet is in the form of the search text. */
export function byFoldedFacet<C extends Comparisons>(field: Facet, comparisons: C): C {
  const { eq, in: oneOf } = comparisons as unknown as Record<'eq' | 'in', Compare>;
  const name = facet(field, '');
  // each folded by itself, so that PostgreSQL knows the values when it plans
  const having = (values: string[], at: Place) =>
    `search.facets && ARRAY[${values.map((value) => `'${name}' || search_fold(${at(value)}::text)`).join(', ')}]::text[]`;
  return {
    ...comparisons,
    eq: (value: string, at: Place) => `${having([value], at)} AND ${eq(value, at)}`,
    in: (values: string[], at: Place) => `${having(values, at)} AND ${oneOf(values, at)}`,
  };
}

type Compare = (value: unknown, at: Place) => string;

/** Each by itself is a look-up in the index; many are looked up one after the other, and their customers by their ids. */
function haveAny(pieces: string[], column: SearchColumn, at: Place): string {
  if (pieces.length === 0) return 'FALSE';
  if (pieces.length <= mostAlternatives)
    return `(${pieces.map((piece) => hasPiece(`${at(piece)}::text`, column)).join(' OR ')})`;
  return `c.id = ANY (ARRAY(SELECT search.customer_id FROM unnest(${at(pieces)}::text[]) AS piece
    CROSS JOIN LATERAL (SELECT customer_id FROM listed_customer_search AS search WHERE ${hasPiece('piece', column)}) AS search))`;
}

const mostAlternatives = 8;
