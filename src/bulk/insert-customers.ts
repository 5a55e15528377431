import { arraysOf } from '../customer/customer-columns.js';
import { caselessKey } from '../format/caseless.js';
import type { Write } from '../write.js';
import type { BatchCustomer } from './batch-customer.js';

/** Ids for so many new customers. Ids that are never used leave a gap, which means nothing. */
export async function drawIds(tx: Write, count: number): Promise<string[]> {
  if (count === 0) return [];
  const drawn = await tx.rows<{ id: string }>(
    `/* drawCustomerIds */ SELECT nextval('customer_id_seq') AS id FROM generate_series(1, $1::int)`,
    [count],
  );
  return drawn.map(({ id }) => id);
}

/** Gives the new customers of a batch their ids, in their order. */
export function giveIds(customers: BatchCustomer[], ids: readonly string[]): void {
  for (const [i, customer] of customers.entries()) customer.id = ids[i]!;
}

/**
 * Inserts the new customers of a batch, without what hangs on them, in one statement; they have their ids. A code that
 * another transaction has taken meanwhile starts the write anew (`write`, unique_violation): asking for no error of it
 * (ON CONFLICT) would cost each row another look into the index.
 */
export async function insertCustomers(tx: Write, customers: BatchCustomer[]): Promise<void> {
  if (customers.length === 0) return;
  const { columns, arrays, values } = arraysOf(
    customers.map(({ fields }) => fields),
    5,
  );
  await tx.rows(
    `/* insertCustomers */
     INSERT INTO customer (owner_id, created_at, updated_at, id, code_key, ${columns}) OVERRIDING SYSTEM VALUE
     SELECT $1, now.at, now.at, u.*
     FROM (SELECT coalesce($2::timestamptz, statement_timestamp()) AS at) AS now,
       unnest($3::bigint[], $4::text[], ${arrays}) AS u`,
    [
      ...[tx.ownerId, tx.at],
      customers.map(({ id }) => id),
      customers.map(({ fields }) => caselessKey(fields.code!)),
      ...values,
    ],
  );
}
