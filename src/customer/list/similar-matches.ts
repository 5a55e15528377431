import type { Sql } from '../../database/database.js';
import type { Listing, Match } from './find-matches.js';
import { listedFrom, listedWhere } from './page-select.js';
import { ranks } from './search-condition.js';
import type { SearchTerms } from './search-terms.js';
import { typingErrors } from './typing-errors.js';

/** Of the customers that are alike at all, so many are judged. */
const mostJudged = 1_000;

/** One error is tolerated in a word of four letters, two in one of eight; shorter ones must be right. */
const errorsIn = (word: string): number => (word.length < 4 ? 0 : word.length < 8 ? 1 : 2);

/**
 * Customers that would be found had the words been typed right: each has a word that differs by an error or two, letters
 * that were left out, added, mistaken or swapped. The index tells which texts share many trigrams with the word, the errors
 * are counted here. First those that one error spoils; two are looked for only if there are none.
 */
export async function similarMatches(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  listing: Listing,
  { words }: SearchTerms,
): Promise<Match[]> {
  if (!words.some((word) => errorsIn(word) > 0)) return [];
  const most = Math.max(...words.map(errorsIn));
  for (let errors = 1; errors <= most; errors++) {
    const judged = await alike(sql, ownerId, listing, words, errors);
    const matches = judged.flatMap(({ id, text, words: folded }) => {
      const found = errorsOf(folded, text, errors);
      return found === null ? [] : [{ id, rank: ranks.similar + found }];
    });
    if (matches.length > 0) return matches;
  }
  return [];
}

interface Judged {
  id: string;
  text: string;
  /** What is looked for, in the same form. */
  words: string[];
}

async function alike(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  listing: Listing,
  words: string[],
  errors: number,
): Promise<Judged[]> {
  await sql.rows(`/* setLikeness */ SELECT set_config('pg_trgm.word_similarity_threshold', $1, true)`, [
    String(Math.min(...words.map((word) => likeness(word, errors)))),
  ]);
  const parameters: unknown[] = [ownerId];
  const listed = listing(parameters);
  const folded = words.map((word) => `search_fold($${parameters.push(word)}::text)`);
  const where = [listedWhere(listed), ...folded.map((word) => `search.text %> ${word}`)].join(' AND ');
  return sql.rows<Judged>(
    `/* similarMatches */ SELECT c.id::text AS id, search.text, ARRAY[${folded.join(', ')}] AS words
     FROM ${listedFrom(where)} WHERE ${where} LIMIT ${mostJudged}`,
    parameters,
  );
}

/** The share of a word's trigrams that errors leave, at least; one spoils up to four of them. */
function likeness(word: string, errors: number): number {
  const trigrams = word.length + 1;
  return Math.max(0.3, (trigrams - 4 * errors + 0.5) / trigrams);
}

/** How many errors the best fitting words of a text have together; null: a word fits none. */
function errorsOf(words: string[], text: string, errors: number): number | null {
  const there = new Set(text.split(/[^\p{L}\p{N}]+/u));
  let sum = 0;
  for (const word of words) {
    const allowed = Math.min(errors, errorsIn(word));
    const fewest = text.includes(word) ? 0 : typingErrors(word, there, allowed);
    if (fewest === null) return null;
    sum += fewest;
  }
  return sum;
}
