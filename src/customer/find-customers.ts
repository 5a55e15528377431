import type { Sql } from '../database/database.js';
import { selectList } from '../database/select-list.js';
import type { Page } from '../graphql/connection.js';
import { Customer } from './customer.entity.js';
import { customerCondition } from './where/customer-condition.js';
import type { CustomerWhere } from './where/customer-criteria.js';

type Reads = Pick<Sql, 'rows'>;

const customerColumns = selectList(Customer, 'c');

/** Customers by id, without those that are excluded unless `showExcluded`. */
export const customersById = (
  sql: Reads,
  ownerId: string,
  ids: readonly string[],
  showExcluded: boolean,
): Promise<Customer[]> =>
  sql.rows<Customer>(
    `/* customersById */ SELECT ${customerColumns} FROM customer c
     WHERE c.owner_id = $1 AND c.id = ANY ($2::bigint[]) AND (NOT c.excluded OR $3)`,
    [ownerId, ids, showExcluded],
  );

/** Which customers are meant: those that meet the criteria, without excluded ones unless `showExcluded`. */
export interface CustomerSearch {
  where: CustomerWhere | null | undefined;
  showExcluded: boolean;
}

/** A SELECT of whole rows of `customer` in the order in which they are shown; parameter 1 is the owner. */
export interface FoundCustomers {
  select: string;
  parameters: unknown[];
}

/**
 * A page of the owner's customers that meet the criteria, in the order of their ids, one more than the page holds (T11, A46).
 * Its text has only the conditions that hold: a plan for any parameters can use no condition that might be absent, and would
 * read all customers before the page.
 * @throws Refusal BAD_USER_INPUT for criteria beyond the limits
 */
export function customersPage(ownerId: string, page: Page, { where, showExcluded }: CustomerSearch): FoundCustomers {
  const parameters: unknown[] = [ownerId];
  const conditions = ['c.owner_id = $1'];
  if (page.after !== null) conditions.push(`c.id > $${parameters.push(page.after)}::bigint`);
  if (page.before !== null) conditions.push(`c.id < $${parameters.push(page.before)}::bigint`);
  if (!showExcluded) conditions.push('NOT c.excluded');
  if (where) conditions.push(customerCondition(where, parameters));
  const select = `SELECT c.* FROM customer c WHERE ${conditions.join(' AND ')}
    ORDER BY c.id ${page.backward ? 'DESC' : 'ASC'} LIMIT ${page.size + 1}`;
  return { select, parameters };
}

/** How many customers meet the criteria, on all pages. */
export async function countCustomers(
  sql: Reads,
  ownerId: string,
  { where, showExcluded }: CustomerSearch,
): Promise<number> {
  const parameters: unknown[] = [ownerId, showExcluded];
  const condition = customerCondition(where, parameters);
  const [row] = await sql.rows<{ count: number }>(
    `/* countCustomers */ SELECT count(*)::int AS count FROM customer c
     WHERE c.owner_id = $1 AND (NOT c.excluded OR $2) AND ${condition}`,
    parameters,
  );
  return row!.count;
}
