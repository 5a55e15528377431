import type { Sql } from '../database/database.js';
import { selectList } from '../database/select-list.js';
import type { Page } from '../graphql/connection.js';
import { Customer } from './customer.entity.js';
import { gatherCustomers, type GatheredCustomers, type Shown } from './gather-customers.js';
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

/**
 * A page of the owner's customers that meet the criteria, in the order of their ids, one more than the page holds
 * (T11, A46), with what is to be shown of them. @throws Refusal BAD_USER_INPUT for criteria beyond the limits
 */
export function customersPage(
  sql: Reads,
  ownerId: string,
  page: Page,
  { where, showExcluded }: CustomerSearch,
  shown: Shown,
): Promise<GatheredCustomers> {
  const parameters: unknown[] = [ownerId, page.after, page.before, showExcluded, page.size + 1];
  const condition = customerCondition(where, parameters);
  const order = page.backward ? 'DESC' : 'ASC';
  const found = `SELECT c.* FROM customer c
    WHERE c.owner_id = $1 AND ($2::bigint IS NULL OR c.id > $2) AND ($3::bigint IS NULL OR c.id < $3) AND (NOT c.excluded OR $4)
      AND ${condition}
    ORDER BY c.id ${order} LIMIT $5`;
  return gatherCustomers(sql, found, order, parameters, shown);
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
