import { hasLine, hasPiece } from '../../search/search-piece.sql.js';
import type { SearchTerms } from './search-terms.js';

/**
 * How well a customer fits what is looked for, best first: a whole line of what it is found by (its name, its code …), the
 * beginning of one, beginnings of words, anywhere, and with typing errors (and one more for each error). Within a rank customers
 * stand in the order of their ids.
 */
export const ranks = { line: 0, beginning: 1, words: 2, anywhere: 3, similar: 4 } as const;

/**
 * That every word stands in what a customer is found by, or all of it as a telephone number: SQL over `search`, its values
 * appended to `parameters`. One or two letters must begin a word: no index has them within one, and nearly all have them there.
 */
export function matchesSearch({ wholes, words }: SearchTerms, parameters: unknown[]): string {
  const at = (value: string) => `$${parameters.push(value)}::text`;
  const everyWord = words.map((word) => (word.length < 3 ? beginsWord(at(word)) : hasPiece(at(word))));
  return either([`(${everyWord.join(' AND ')})`, ...wholes.slice(1).map((number) => hasPiece(at(number)))]);
}

/** The same of those that have one of these sets of pieces; nobody else must fit. Only these are looked up. */
export function matchesAmong(pieces: string[][], terms: SearchTerms, parameters: unknown[]): string {
  return `${hasPieces(pieces, parameters)} AND ${unindexed(matchesSearch(terms, parameters))}`;
}

/** That the text of `search` has all pieces of one of the sets (src/search/search-pieces.ts): what the index of pieces answers. */
function hasPieces(sets: string[][], parameters: unknown[]): string {
  return either(sets.map((pieces) => `search_pieces(search.text) @> piece_keys($${parameters.push(pieces)}::text[])`));
}

/** A condition in a form that PostgreSQL takes no index for. */
export const unindexed = (condition: string): string => `(${condition}) IS TRUE`;

/** How well those fit for whom it holds: one of `ranks`. */
export function rankOfMatch({ wholes, words }: SearchTerms, parameters: unknown[]): string {
  const at = (value: string) => `$${parameters.push(value)}::text`;
  const lines = wholes.map(at);
  return `CASE WHEN ${either(lines.map((line) => hasLine(line, true)))} THEN ${ranks.line}
    WHEN ${either(lines.map((line) => hasLine(line, false)))} THEN ${ranks.beginning}
    WHEN ${words.map((word) => beginsWord(at(word))).join(' AND ')} THEN ${ranks.words} ELSE ${ranks.anywhere} END`;
}

const either = (conditions: string[]): string => `(${conditions.join(' OR ')})`;

const beginsWord = (place: string): string => either([hasPiece(place, 'text', '% '), hasLine(place, false)]);
