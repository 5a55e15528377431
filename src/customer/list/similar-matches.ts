import type { Sql } from '../../database/database.js';
import type { Listing, Match } from './find-matches.js';
import { listedFrom, listedWhere } from './page-select.js';
import { ranks } from './search-condition.js';
import type { SearchTerms } from './search-terms.js';
import { typingErrors } from './typing-errors.js';

/** Of the customers that are alike at all, so many are judged. */
const mostJudged = 1_000;

/** An error is tolerated in words from here on; shorter ones must be right. */
const shortestWrong = 4;

/**
 * Customers that would be found had the words been typed right: each has words that differ by one error each, a letter that was
 * left out, added, mistaken or swapped. The index tells which texts share trigrams with the longer words, the errors are counted
 * here.
 */
export async function similarMatches(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  listing: Listing,
  { words }: SearchTerms,
): Promise<Match[]> {
  const long = words.filter((word) => word.length > shortestWrong);
  const asked = long.length > 0 ? long : words.filter((word) => word.length === shortestWrong);
  if (asked.length === 0) return [];
  const judged = await alike(sql, ownerId, listing, words, asked);
  return judged.flatMap(({ id, text, words: folded }) => {
    const errors = errorsOf(folded, text);
    return errors === null ? [] : [{ id, rank: ranks.similar + errors }];
  });
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
  asked: string[],
): Promise<Judged[]> {
  await sql.rows(`/* setLikeness */ SELECT set_config('pg_trgm.word_similarity_threshold', $1, true)`, [
    String(Math.min(...asked.map(likeness))),
  ]);
  const parameters: unknown[] = [ownerId];
  const listed = listing(parameters);
  const fold = (word: string) => `search_fold($${parameters.push(word)}::text)`;
  const where = [listedWhere(listed), ...asked.map((word) => `search.text %> ${fold(word)}`)].join(' AND ');
  return sql.rows<Judged>(
    `/* similarMatches */ SELECT c.id::text AS id, search.text, ARRAY[${words.map(fold).join(', ')}] AS words
     FROM ${listedFrom(where)} WHERE ${where} LIMIT ${mostJudged}`,
    parameters,
  );
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
function errorsOf(words: string[], text: string): number | null {
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
