import type { Sql } from '../../database/database.js';
import { folded } from '../where/comparisons.js';
import { CustomerOrderField, OrderDirection } from './customer-order.input.js';
import type { Match, Matches } from './matches.js';
import type { Position } from './list-cursor.js';
import { pageSelect } from './page-select.js';
import { ranks } from './search-condition.js';
import type { SearchPosition } from './search-cursor.js';

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
 * A page of the customers that are looked for, in the direction in which it is read: by rank and id. Of many only those are told
 * apart whose name begins so, as it is written; these are read in the order of their names, then the others in that of
 * their ids, each as far as the page goes, so that neither the number of matches nor the place of the page is paid for.
 */
export async function searchPage(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  page: SearchedPage,
  matches: Matches,
): Promise<SearchPosition[]> {
  const from = page.after ?? page.before;
  if (from?.ranked !== false) {
    const ranked = await (from ? matches.upTo(mostOnLaterPages) : matches.ranked());
    if (ranked) return sliceOf(ranked, page).map((match) => ({ ...match, key: null, ranked: true }));
  }
  const found: SearchPosition[] = [];
  for (const part of page.backward ? [...partsOfMany].reverse() : partsOfMany) {
    const size = page.size - found.length; // one more is read
    if (size >= 0) found.push(...(await partOfPage(sql, ownerId, { ...page, size }, matches, part)));
  }
  return found;
}

const ascending = OrderDirection.ASC;
const partsOfMany = [
  { rank: ranks.beginning, order: { field: CustomerOrderField.NAME, direction: ascending } },
  { rank: ranks.anywhere, order: { field: CustomerOrderField.ID, direction: ascending } },
];

async function partOfPage(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  page: SearchedPage,
  { listing, sought }: Matches,
  { rank, order }: (typeof partsOfMany)[number],
): Promise<SearchPosition[]> {
  const [after, before] = [positionIn(rank, page.after, 'after'), positionIn(rank, page.before, 'before')];
  if (after === 'outside' || before === 'outside') return [];
  const parameters: unknown[] = [ownerId];
  const listed = listing(parameters);
  const nameBegins = `starts_with(c.name_key, ${folded(`$${parameters.push(sought.terms.wholes[0])}::text`)})`;
  const condition = rank === ranks.beginning ? nameBegins : `${sought.condition(parameters)} AND NOT ${nameBegins}`;
  const select = pageSelect(
    { ...page, order, after, before },
    { ...listed, condition: `${listed.condition} AND ${condition}` },
    parameters,
  );
  const rows = await sql.rows<{ id: string; key: string | null }>(
    `/* searchPage */ SELECT id::text AS id, cursor_key AS key FROM (${select}) AS page`,
    parameters,
  );
  return rows.map((row) => ({ ...row, rank, ranked: false }));
}

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
  const own = position.key === null ? ranks.anywhere : ranks.beginning;
  if (own === rank) return { key: position.key, id: position.id };
  return own > rank === (argument === 'after') ? 'outside' : null;
}
