import type { Sql } from '../../database/database.js';
import { hasPiece } from '../../search/search-piece.sql.js';
import { isIndexedWord, piecesOf } from '../../search/search-pieces.js';
import type { Listing, Match } from './matches.js';
import { listedFrom, listedWhere } from './page-select.js';
import { ranks, unindexed } from './search-condition.js';
import type { Sought } from './sought.js';
import { typingErrors } from './typing-errors.js';
import { typingVariants } from './typing-variants.js';

/** Of the customers that may be meant, so many are judged. */
const mostJudged = 1_000;

/** An error is tolerated in words from here on; shorter ones must be right. */
const shortestWrong = 4;

/** More words tell no more, and there are twice as many ways to have them wrong. */
const mostAsked = 3;

/**
 * Customers that would be found had the words been typed right: each has words that differ by one error each, a letter that was
 * left out, added, mistaken or swapped. The index has the words that each may have been meant for; the errors are counted here.
 */
export async function similarMatches(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  listing: Listing,
  { words }: Pick<Sought, 'words'>,
): Promise<Match[]> {
  const asked = askedOf(words);
  if (asked.length === 0) return [];
  const unknown = asked.filter((word) => typingVariants(word) === null);
  if (unknown.length > 0) await setLikeness(sql, Math.min(...unknown.map(likeness)));
  const parameters: unknown[] = [ownerId];
  const listed = listing(parameters);
  const ways = waysToHaveWrong(asked).map((wrong) => {
    const meant = asked.map((word) => (wrong.has(word) ? mayMean(word, parameters) : hasWord(word, parameters)));
    const where = [listedWhere(listed), ...meant].join(' AND ');
    return `(SELECT c.id::text AS id, search.text FROM ${listedFrom(where)} WHERE ${where} LIMIT ${mostJudged})`;
  });
  const judged = await sql.rows<{ id: string; text: string }>(
    `/* similarMatches */ ${ways.join(' UNION ALL ')}`,
    parameters,
  );
  const texts = new Map(judged.map(({ id, text }) => [id, text]));
  return [...texts].flatMap(([id, text]) => {
    const errors = errorsOf(words, text);
    return errors === null ? [] : [{ id, rank: ranks.similar + errors }];
  });
}

/** The words that are looked up. Four letters of another script have too little in common with what they may mean. */
function askedOf(words: string[]): string[] {
  const wrong = words.filter((word) => word.length >= shortestWrong);
  const telling = wrong.filter((word) => word.length > shortestWrong || typingVariants(word) !== null);
  return (telling.length > 0 ? telling : wrong).sort((a, b) => b.length - a.length).slice(0, mostAsked);
}

/** Which of the words are not there as they were typed: one at least, for nobody has all of them. */
function waysToHaveWrong(words: string[]): Set<string>[] {
  const subsets = words.reduce<string[][]>((sets, word) => sets.flatMap((set) => [set, [...set, word]]), [[]]);
  return subsets.filter((set) => set.length > 0).map((set) => new Set(set));
}

/** That a text has a word that differs from this one by one error. */
function mayMean(word: string, parameters: unknown[]): string {
  const variants = typingVariants(word);
  if (variants === null) return `search.text %> $${parameters.push(word)}::text`;
  return hasAnyPiece(variants.filter(isIndexedWord), parameters);
}

/** That a text has the word in it, for which no index but that of pieces is taken. */
function hasWord(word: string, parameters: unknown[]): string {
  const pieces = piecesOf(word)?.map(([first]) => first!);
  const has = unindexed(hasPiece(`$${parameters.push(word)}::text`));
  return pieces ? `${hasAnyPiece(pieces, parameters)} AND ${has}` : has;
}

/** In a sub-select, so that PostgreSQL does not see hundreds of values: it would expect that nearly everybody has one. */
const hasAnyPiece = (pieces: string[], parameters: unknown[]): string =>
  `search_pieces(search.text) && (SELECT piece_keys($${parameters.push(pieces)}::text[]))`;

async function setLikeness(sql: Pick<Sql, 'rows'>, threshold: number): Promise<void> {
  await sql.rows(`/* setLikeness */ SELECT set_config('pg_trgm.word_similarity_threshold', $1, true)`, [
    String(threshold),
  ]);
}

/**
 * What share of the trigrams of a word and of the one it should be they have in common, at least: an error spoils up to four
 * of each.
 */
function likeness(word: string): number {
  const trigrams = word.length + 1;
  return Math.max(word.length > shortestWrong ? 0.3 : 0.2, (trigrams - 4) / (trigrams + 4));
}

/** How many errors the best fitting words of a text have together; null: a word fits none. */
function errorsOf(words: readonly string[], text: string): number | null {
  const there = new Set(text.split(/[^\p{L}\p{N}]+/u));
  let sum = 0;
  for (const word of words) {
    const allowed = word.length < shortestWrong ? 0 : 1;
    const fewest = text.includes(word) ? 0 : typingErrors(word, there, allowed);
    if (fewest === null) return null;
    sum += fewest;
  }
  return sum;
}
