import type { Sql } from '../../database/database.js';
import { isRareNumber, piecesOf, piecesOfAll, toldByPieces } from '../../search/search-pieces.js';
import { matchesAmong, matchesSearch, unindexed } from './search-condition.js';
import type { SearchTerms } from './search-terms.js';

/** What somebody looks for, and how it is best found. */
export interface Sought {
  terms: SearchTerms;
  /** The words in the form of `search_fold`. */
  words: string[];
  /** Who fits: SQL over `search`, its values appended to `parameters`. */
  condition: (parameters: unknown[]) => string;
}

type Rows = Pick<Sql, 'rows'>;

/**
 * Up to this many that are expected to fit are looked up by their pieces, in no order. More are read in the order of the list until
 * the page is full, as PostgreSQL plans it. It cannot know whether words go together, and where they do not, that is all of the
 * list; but where a word is too short for pieces, that may be the rare one, whose trigrams PostgreSQL finds.
 */
function mostLookedUp(told: string[], words: string[]): number {
  if (told.length < words.length) return 1_000;
  return told.length > 1 ? 20_000 : 5_000;
}

/** Finds out how to look for something. */
export async function soughtOf(sql: Rows, ownerId: string, terms: SearchTerms): Promise<Sought> {
  const words = await folded(sql, terms.words);
  const numbers = terms.wholes.slice(1); // nothing to fold
  const told = toldByPieces(words);
  const rare = numbers.every(isRareNumber) ? told.filter(isRareNumber) : [];
  const alternatives = [piecesOfAll(rare.length > 0 ? rare : told), ...numbers.map(piecesOf)];
  const anywhere = (parameters: unknown[]) => matchesSearch(terms, parameters);
  if (alternatives.includes(null)) return { terms, words, condition: anywhere };
  if (rare.length === 0 && (await expected(sql, ownerId, { ...terms, words: told })) > mostLookedUp(told, words))
    return { terms, words, condition: anywhere };
  const pieces = (alternatives as string[][][]).flat();
  return { terms, words, condition: (parameters) => matchesAmong(pieces, terms, parameters) };
}

async function folded(sql: Rows, words: string[]): Promise<string[]> {
  if (words.every((word) => /^[\x20-\x7e]*$/.test(word))) return words.map((word) => word.toLowerCase());
  const rows = await sql.rows<{ word: string }>(
    '/* foldSearch */ SELECT search_fold(word) AS word FROM unnest($1::text[]) WITH ORDINALITY AS given (word, place) ORDER BY place',
    [words],
  );
  return rows.map(({ word }) => word);
}

/** How many fit, as PostgreSQL's statistics of the texts tell without looking at any. */
async function expected(sql: Rows, ownerId: string, terms: SearchTerms): Promise<number> {
  const parameters: unknown[] = [ownerId];
  const [row] = await sql.rows<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    `/* expectMatches */ EXPLAIN (FORMAT JSON)
     SELECT FROM listed_customer_search AS search WHERE search.owner_id = $1 AND ${unindexed(matchesSearch(terms, parameters))}`,
    parameters,
  );
  return row!['QUERY PLAN'][0].Plan['Plan Rows'];
}
