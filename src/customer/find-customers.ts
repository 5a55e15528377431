import { selectList } from '../database/select-list.js';
import type { Sql } from '../database/database.js';
import { ContactInfo } from './contact-info.entity.js';
import { CustomerUser } from './customer-user.entity.js';
import { Customer } from './customer.entity.js';
import type { PageStatement } from './list/customer-list.js';

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

/** A customer of a page, with the value by which the list is ordered, as its cursor has it. */
export type ListedCustomer = Customer & { key: string | null };

/** The customers of a page of a list, one more than the page holds, in the direction in which it is read (T11, A46). */
export const customersPage = (sql: Reads, { select, parameters }: PageStatement): Promise<ListedCustomer[]> =>
  sql.rows<ListedCustomer>(
    `/* customersPage */ WITH page AS MATERIALIZED (${select})
     SELECT ${customerColumns}, page.key FROM page JOIN customer c ON c.owner_id = $1 AND c.id = page.id ORDER BY page.ordinal`,
    parameters,
  );

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
