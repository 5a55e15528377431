import type { Sql } from '../../database/database.js';
import type { PageArguments, PageSize } from '../../graphql/connection.js';
import type { FoundCustomers } from '../find-customers.js';
import { customerCondition } from '../where/customer-condition.js';
import { withTagIds } from '../where/tag-ids.js';
import type { CustomerWhere } from '../where/customer-criteria.js';
import { countCustomers, type Count } from './count-customers.js';
import { OrderDirection, CustomerOrderField, type CustomerOrderInput } from './customer-order.input.js';
import { Matches, type Listing } from './matches.js';
import { listCursor, positionOf } from './list-cursor.js';
import { pageSelect } from './page-select.js';
import { searchCursor, searchPositionOf, type SearchPosition } from './search-cursor.js';
import { searchPage } from './search-page.js';
import { searchTerms, type SearchTerms } from './search-terms.js';
import { soughtOf } from './sought.js';

/** Which customers are meant: those that meet the criteria and the search, without excluded ones unless `showExcluded`. */
export interface CustomerSearch {
  where?: CustomerWhere | null | undefined;
  search?: string | null | undefined;
  orderBy?: CustomerOrderInput | null | undefined;
  showExcluded: boolean;
}

/** A page, in the direction in which it is read. */
export interface FoundPage extends FoundCustomers {
  /** The cursor of a row of the page. */
  cursorOf: (row: { id: string; key: string | null }) => string;
}

/** A list of an owner's customers (T11, A46): its pages, and how many there are. */
export class CustomerList {
  private readonly terms: SearchTerms | null;
  private readonly order: CustomerOrderInput;
  private matches: Promise<Matches> | null = null;
  private where: CustomerWhere | null | undefined;

  /** @throws Refusal BAD_USER_INPUT for a search beyond the limits */
  constructor(
    private readonly sql: Pick<Sql, 'rows'>,
    private readonly ownerId: string,
    private readonly search: CustomerSearch,
  ) {
    this.terms = searchTerms(search.search);
    this.where = search.where;
    this.order = search.orderBy ?? { field: CustomerOrderField.ID, direction: OrderDirection.ASC };
  }

  /**
   * What is found by a search stands best first, unless an order is asked for; all else in the order, by default that of the
   * ids. @throws Refusal BAD_USER_INPUT for criteria beyond the limits, and cursors that are not of this list
   */
  async page(size: PageSize, { after, before }: PageArguments): Promise<FoundPage> {
    await this.knowTags();
    if (this.terms && !this.search.orderBy) return this.searched(this.terms, size, { after, before });
    const page = {
      ...size,
      order: this.order,
      after: positionOf('after', after, this.order),
      before: positionOf('before', before, this.order),
    };
    const listing = this.terms ? await this.found(this.terms) : this.listing;
    const parameters: unknown[] = [this.ownerId];
    const select = pageSelect(page, listing(parameters), parameters);
    const onePlan = !this.terms && !this.search.where;
    return { select, parameters, onePlan, cursorOf: (row) => listCursor(this.order, row) };
  }

  async count(): Promise<Count> {
    await this.knowTags();
    const listing = this.terms ? await this.found(this.terms) : this.listing;
    return countCustomers(this.sql, this.ownerId, listing);
  }

  private async knowTags(): Promise<void> {
    this.where = await withTagIds(this.sql, this.ownerId, this.where);
  }

  private readonly listing: Listing = (parameters) => ({
    condition: customerCondition(this.where, parameters),
    showExcluded: this.search.showExcluded,
  });

  private async searched(terms: SearchTerms, size: PageSize, { after, before }: PageArguments): Promise<FoundPage> {
    const page = {
      ...size,
      after: searchPositionOf('after', after, terms),
      before: searchPositionOf('before', before, terms),
    };
    const found = await searchPage(this.sql, this.ownerId, page, await this.matchesOf(terms));
    const positions = new Map<string, SearchPosition>(found.map((match) => [match.id, match]));
    return {
      select: `SELECT c.*, NULL::text AS cursor_key FROM unnest($2::bigint[]) WITH ORDINALITY AS found (id, ordinal)
        JOIN customer c ON c.owner_id = $1 AND c.id = found.id ORDER BY found.ordinal`,
      parameters: [this.ownerId, [...positions.keys()]],
      onePlan: false,
      cursorOf: ({ id }) => searchCursor(terms, positions.get(id)!),
    };
  }

  /** The condition of a search: those that were found, or, where they are many, what makes them so. */
  private async found(terms: SearchTerms): Promise<Listing> {
    const matches = await this.matchesOf(terms);
    const ranked = await matches.ranked();
    return (parameters) => {
      const listed = this.listing(parameters);
      const condition = ranked
        ? `c.id = ANY ($${parameters.push(ranked.map(({ id }) => id))}::bigint[])`
        : matches.sought.condition(parameters);
      return { ...listed, condition: `${listed.condition} AND ${condition}` };
    };
  }

  private matchesOf(terms: SearchTerms): Promise<Matches> {
    return (this.matches ??= soughtOf(this.sql, this.ownerId, terms).then(
      (sought) => new Matches(this.sql, this.ownerId, this.listing, sought),
    ));
  }
}
