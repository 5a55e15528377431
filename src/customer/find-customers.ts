import { selectList } from '../database/select-list.js';
import type { Sql } from '../database/database.js';
import type { Page } from '../graphql/connection.js';
import { ContactInfo } from './contact-info.entity.js';
import { CustomerUser } from './customer-user.entity.js';
import { Customer } from './customer.entity.js';
import { customerCondition } from './where/customer-condition.js';
import type { CustomerWhere } from './where/customer-criteria.js';

type Reads = Pick<Sql, 'rows'>;

const customerColumns = selectList(Customer, 'c');
const contactInfoColumns = selectList(ContactInfo, 'i');
const userColumns = selectList(CustomerUser, 'u');

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
 * (T11, A46). @throws Refusal BAD_USER_INPUT for criteria beyond the limits
 */
export async function customersPage(
  sql: Reads,
  ownerId: string,
  page: Page,
  { where, showExcluded }: CustomerSearch,
): Promise<Customer[]> {
  const parameters: unknown[] = [ownerId, page.after, page.before, showExcluded, page.size + 1];
  const condition = customerCondition(where, parameters);
  return sql.rows<Customer>(
    `/* customersPage */ SELECT ${customerColumns} FROM customer c
     WHERE c.owner_id = $1 AND ($2::bigint IS NULL OR c.id > $2) AND ($3::bigint IS NULL OR c.id < $3) AND (NOT c.excluded OR $4)
       AND ${condition}
     ORDER BY c.id ${page.backward ? 'DESC' : 'ASC'} LIMIT $5`,
    parameters,
  );
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

export const contactInfosOf = (sql: Reads, ownerId: string, customerIds: readonly string[]): Promise<ContactInfo[]> =>
  sql.rows<ContactInfo>(
    `/* contactInfosOf */ SELECT ${contactInfoColumns} FROM contact_info i
     WHERE i.owner_id = $1 AND i.customer_id = ANY ($2::bigint[]) ORDER BY i.id`,
    [ownerId, customerIds],
  );

export const usersOf = (sql: Reads, ownerId: string, customerIds: readonly string[]): Promise<CustomerUser[]> =>
  sql.rows<CustomerUser>(
    `/* usersOf */ SELECT ${userColumns} FROM customer_user u
     WHERE u.owner_id = $1 AND u.customer_id = ANY ($2::bigint[]) ORDER BY u.id`,
    [ownerId, customerIds],
  );
