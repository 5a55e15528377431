/** Where a piece is looked for: columns of `listed_customer_search`, in the statement under the name `search`. */
export type SearchColumn = 'text' | 'rest';

/**
 * That a customer is found by a piece: what the index of trigrams answers. `value`: SQL of a text as a caller gives it; no
 * character stands for others. `before` and `after` it anything may stand, unless told.
 */
export function hasPiece(value: string, column: SearchColumn = 'text', before = '%', after = '%'): string {
  const plain = `replace(replace(replace(search_fold(${value}), '\\', '\\\\'), '%', '\\%'), '_', '\\_')`;
  return `search.${column} LIKE (E'${before}' || ${plain} || E'${after}')`;
}

/** The same for a line that begins with it, or is it as a whole. */
export const hasLine = (value: string, whole: boolean): string => hasPiece(value, 'text', '%\\n', whole ? '\\n%' : '%');

/** A piece of a telephone number without what people group it with, as `ungrouped` of search-text.sql.ts has stored it. */
export const ungroupedPiece = (piece: string): string => piece.replace(/[ \-()]/g, '');
