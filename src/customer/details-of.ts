import type { Sql } from '../database/database.js';
import type { Edge } from '../database/edge.js';
import { datesOf, selectList } from '../database/select-list.js';
import { entityMembers, type Members } from '../graphql/sql-text/members.js';
import { ContactInfo } from './contact-info.entity.js';
import { CustomerUser } from './customer-user.entity.js';

type Reads = Pick<Sql, 'rows'>;

const contactInfoColumns = selectList(ContactInfo, 'i');
const userColumns = selectList(CustomerUser, 'u');

const contactInfoMembers: Members = (field, row) =>
  field === 'address'
    ? { object: addressMembers, row, present: `${row}."value" IS NULL` }
    : entityMembers(ContactInfo)(field, row);

/** `street` is `addressStreet`. */
const addressMembers: Members = (field, row) =>
  entityMembers(ContactInfo)(`address${field[0]!.toUpperCase()}${field.slice(1)}`, row);

export const contactInfoEdge: Edge<ContactInfo> = {
  sql: (customers) => `SELECT ${contactInfoColumns} FROM contact_info i
    WHERE i.owner_id = $1 AND i.customer_id ${customers} ORDER BY i.id`,
  parent: 'customerId',
  dates: datesOf(ContactInfo),
  members: contactInfoMembers,
};

export const contactInfosOf = (sql: Reads, ownerId: string, customerIds: readonly string[]): Promise<ContactInfo[]> =>
  sql.rows<ContactInfo>(`/* contactInfosOf */ ${contactInfoEdge.sql('= ANY ($2::bigint[])')}`, [ownerId, customerIds]);

export const userEdge: Edge<CustomerUser> = {
  sql: (customers) => `SELECT ${userColumns} FROM customer_user u
    WHERE u.owner_id = $1 AND u.customer_id ${customers} ORDER BY u.id`,
  parent: 'customerId',
  dates: datesOf(CustomerUser),
  members: entityMembers(CustomerUser),
};

export const usersOf = (sql: Reads, ownerId: string, customerIds: readonly string[]): Promise<CustomerUser[]> =>
  sql.rows<CustomerUser>(`/* usersOf */ ${userEdge.sql('= ANY ($2::bigint[])')}`, [ownerId, customerIds]);
