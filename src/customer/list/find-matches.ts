import type { Sql } from '../../database/database.js';
import { listedFrom, listedWhere, type Listed } from './page-select.js';
import { matchesSearch, rankOfMatch } from './search-condition.js';
import type { SearchTerms } from './search-terms.js';
import { similarMatches } from './similar-matches.js';

/** A customer that was looked for, and how well it fits: `ranks`. */
export interface Match {
  id: string;
  rank: number;
}

/** Makes the condition of a list and appends its values to the parameters, of which the first is the owner. */
export type Listing = (parameters: unknown[]) => Listed;

/** Up to this many are ranked one by one. More are read in the order of the list, rank by rank. */
export const mostRanked = 200;

/**
 * Customers among those listed in which every word stands, best first; none at all: those that are so with typing errors.
 * Null: there are more than `mostRanked` (`limit`), and they are not ranked.
 */
export async function findMatches(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  listing: Listing,
  terms: SearchTerms,
  limit = mostRanked,
): Promise<Match[] | null> {
  const parameters: unknown[] = [ownerId];
  const listed = listing(parameters);
  const where = `${listedWhere(listed)} AND ${matchesSearch(terms, parameters)}`;
  const rank = rankOfMatch(terms, parameters);
  const found = await sql.rows<Match>(
    `/* searchMatches */ SELECT id::text AS id, ${rank} AS rank FROM (
       SELECT c.id, search.text FROM ${listedFrom(where)} WHERE ${where} ORDER BY c.id LIMIT ${limit + 1}) AS search`,
    parameters,
  );
  if (found.length > limit) return null;
  return inOrder(found.length > 0 ? found : await similarMatches(sql, ownerId, listing, terms));
}

function inOrder(matches: Match[]): Match[] {
  return matches.sort((a, b) => a.rank - b.rank || Number(BigInt(a.id) - BigInt(b.id)));
}
