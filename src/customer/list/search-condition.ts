import { hasLine, hasPiece } from '../../search/search-piece.sql.js';
import type { SearchTerms } from './search-terms.js';

/**
 * How well a customer fits what is looked for, best first: a whole line of what it is found by (its name, its code …), the
 * beginning of one, beginnings of words, anywhere, and with typing errors (and one more for each error). Within a rank customers
 * stand in the order of their ids.
 */
export const ranks = { line: 0, beginning: 1, words: 2, anywhere: 3, similar: 4 } as const;

/**
 * SQL of a search over `search`: `matches`, that every word stands in what a customer is found by, or all of it as a
 * telephone number; `beginsLine`, that it ranks so; `rank`. Values are appended to `parameters`. One or two letters must
 * begin a word: no index has them within one, and nearly all have them there.
 */
export function searchCondition({ wholes, words }: SearchTerms, parameters: unknown[]) {
  const at = (value: string) => `$${parameters.push(value)}::text`;
  const lines = wholes.map(at);
  const places = words.map((word) => ({ word, place: at(word) }));
  const everyWord = places.map(({ word, place }) => (word.length < 3 ? beginsWord(place) : hasPiece(place)));
  const isLine = either(lines.map((place) => hasLine(place, true)));
  const beginsLine = either(lines.map((place) => hasLine(place, false)));
  const wordsBegin = places.map(({ place }) => beginsWord(place)).join(' AND ');
  return {
    matches: either([`(${everyWord.join(' AND ')})`, ...lines.slice(1).map((place) => hasPiece(place))]),
    beginsLine,
    rank: `CASE WHEN ${isLine} THEN ${ranks.line} WHEN ${beginsLine} THEN ${ranks.beginning}
      WHEN ${wordsBegin} THEN ${ranks.words} ELSE ${ranks.anywhere} END`,
  };
}

const either = (conditions: string[]): string => `(${conditions.join(' OR ')})`;

const beginsWord = (place: string): string => either([hasPiece(place, 'text', '% '), hasLine(place, false)]);
