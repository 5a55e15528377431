import { selectList } from '../database/select-list.js';
import type { Sql } from '../database/database.js';
import { Customer } from './customer.entity.js';

const customerColumns = selectList(Customer, 'c');

/** Customers by id, without those that are excluded unless `showExcluded`. */
export const customersById = (
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  ids: readonly string[],
  showExcluded: boolean,
): Promise<Customer[]> =>
  sql.rows<Customer>(
    `/* customersById */ SELECT ${customerColumns} FROM customer c
     WHERE c.owner_id = $1 AND c.id = ANY ($2::bigint[]) AND (NOT c.excluded OR $3)`,
    [ownerId, ids, showExcluded],
  );

/**
 * Customers that are to be shown: a SELECT of whole rows of `customer` in their order, each with the value by which they are
 * ordered (`cursor_key`, text). Parameter 1 is the owner.
 */
export interface FoundCustomers {
  select: string;
  parameters: unknown[];
  /** Whether its best plan is the same whatever the parameters are. */
  onePlan: boolean;
}
