import type { Sql } from '../../database/database.js';
import { listedFrom, listedWhere, type Listed } from './page-select.js';
import { rankOfMatch } from './search-condition.js';
import { similarMatches } from './similar-matches.js';
import type { Sought } from './sought.js';

/** A customer that was looked for, and how well it fits: `ranks`. */
export interface Match {
  id: string;
  rank: number;
}

/** Makes the condition of a list and appends its values to the parameters, of which the first is the owner. */
export type Listing = (parameters: unknown[]) => Listed;

/** Up to this many are ranked one by one. More are read in the order of the list, rank by rank. */
const mostRanked = 200;

/** The customers among those listed that are looked for. They are looked up once, whoever asks. */
export class Matches {
  private usual: Promise<Match[] | null> | null = null;

  constructor(
    private readonly sql: Pick<Sql, 'rows'>,
    private readonly ownerId: string,
    readonly listing: Listing,
    readonly sought: Sought,
  ) {}

  /**
   * Those in which every word stands, best first; none at all: those that are so with typing errors. Null: there are more than
   * are ranked.
   */
  ranked(): Promise<Match[] | null> {
    return (this.usual ??= this.upTo(mostRanked));
  }

  /** The same, but null only if there are more than `limit`. */
  async upTo(limit: number): Promise<Match[] | null> {
    const parameters: unknown[] = [this.ownerId];
    const listed = this.listing(parameters);
    const where = `${listedWhere(listed)} AND ${this.sought.condition(parameters)}`;
    const rank = rankOfMatch(this.sought.terms, parameters);
    const found = await this.sql.rows<Match>(
      `/* searchMatches */ SELECT id::text AS id, ${rank} AS rank FROM (
         SELECT c.id, search.text FROM ${listedFrom(where)} WHERE ${where} ORDER BY c.id LIMIT ${limit + 1}) AS search`,
      parameters,
    );
    if (found.length > limit) return null;
    return inOrder(found.length > 0 ? found : await similarMatches(this.sql, this.ownerId, this.listing, this.sought));
  }
}

function inOrder(matches: Match[]): Match[] {
  return matches.sort((a, b) => a.rank - b.rank || Number(BigInt(a.id) - BigInt(b.id)));
}
