import type { Sql } from '../../database/database.js';
import { CustomerOrderField, OrderDirection } from './customer-order.input.js';
import { findMatches, type Listing, type Match } from './find-matches.js';
import type { Position } from './list-cursor.js';
import { pageSelect } from './page-select.js';
import { ranks, searchCondition } from './search-condition.js';
import type { SearchPosition } from './search-cursor.js';
import type { SearchTerms } from './search-terms.js';

/** One page of what was found. */
export interface SearchedPage {
  /** How many; one more is given, to know whether there is a next page. */
  size: number;
  backward: boolean;
  after: SearchPosition | null;
  before: SearchPosition | null;
}

/** More than are ranked otherwise: while somebody pages through them, some may have come. */
const mostOnLaterPages = 1_000;

/**
 * A page of the customers that are looked for, in the direction in which it is read: by rank and id. Of many only two ranks are
 * told apart, whether what is looked for begins a line, and each is read in the order of the ids as far as the page goes, so
 * that neither the number of matches nor the place of the page is paid for.
 */
export async function searchPage(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  page: SearchedPage,
  listing: Listing,
  terms: SearchTerms,
): Promise<SearchPosition[]> {
  const from = page.after ?? page.before;
  if (from?.ranked !== false) {
    const matches = await findMatches(sql, ownerId, listing, terms, from ? mostOnLaterPages : undefined);
    if (matches) return sliceOf(matches, page).map((match) => ({ ...match, ranked: true }));
  }
  const found: SearchPosition[] = [];
  for (const rank of page.backward ? [...manyRanks].reverse() : manyRanks) {
    const [after, before] = [positionIn(rank, page.after, 'after'), positionIn(rank, page.before, 'before')];
    if (after === 'outside' || before === 'outside') continue;
    const size = page.size - found.length; // one more is read
    if (size < 0) break;
    const parameters: unknown[] = [ownerId];
    const listed = listing(parameters);
    const { matches, beginsLine } = searchCondition(terms, parameters);
    const condition = `${listed.condition} AND ${matches} AND ${rank === ranks.beginning ? '' : 'NOT '}${beginsLine}`;
    const select = pageSelect(
      { size, backward: page.backward, order: byId, after, before },
      { ...listed, condition },
      parameters,
    );
    const rows = await sql.rows<{ id: string }>(
      `/* searchPage */ SELECT id::text AS id FROM (${select}) AS page`,
      parameters,
    );
    found.push(...rows.map(({ id }) => ({ id, rank, ranked: false })));
  }
  return found;
}

const byId = { field: CustomerOrderField.ID, direction: OrderDirection.ASC };
const manyRanks = [ranks.beginning, ranks.anywhere];

function sliceOf(matches: Match[], { size, backward, after, before }: SearchedPage): Match[] {
  const between = matches.filter((match) => (!after || isBehind(match, after)) && (!before || isBehind(before, match)));
  return backward ? between.reverse().slice(0, size + 1) : between.slice(0, size + 1);
}

const isBehind = (a: Match, b: Match): boolean => a.rank > b.rank || (a.rank === b.rank && BigInt(a.id) > BigInt(b.id));

/** Where the part of a rank begins or ends: at the cursor, at its own end (null), or it is not on the page at all. */
function positionIn(
  rank: number,
  position: SearchPosition | null,
  argument: 'after' | 'before',
): Position | 'outside' | null {
  if (!position) return null;
  const own = position.rank <= ranks.beginning ? ranks.beginning : ranks.anywhere;
  if (own === rank) return { key: null, id: position.id };
  return own > rank === (argument === 'after') ? 'outside' : null;
}
