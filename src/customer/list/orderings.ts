import type { CustomerOrderField } from './customer-order.input.js';

/** An order in which customers can be listed. */
export interface Ordering {
  /** SQL of the value, over `c` or `snapshot`; null: the id alone. */
  key: string | null;
  /** Its type in SQL, in which a cursor brings it back. */
  type: 'text' | 'integer' | 'bigint' | 'date' | 'timestamptz';
  /** Whether customers can be without a value. */
  nullable: boolean;
  /** What holds for all values, but has to be said for PostgreSQL to take the index, which is of those that have one. */
  present?: string[];
  /** The customer's id beside the value, so that one index has both. */
  id: 'c.id' | 'snapshot.customer_id';
  /** The index that has them in this order. */
  index: string;
}

const ofCustomer = { id: 'c.id', nullable: false, type: 'text' } as const;
const ofSnapshot = { id: 'snapshot.customer_id', nullable: false } as const;

/** An order is a line here, and an index in the order (owner, value, id). */
export const orderings: Record<CustomerOrderField, Ordering> = {
  ID: { ...ofCustomer, key: null, index: 'customer_pkey' },
  CODE: { ...ofCustomer, key: 'c.code_key', present: [`c.code_key >= ''`], index: 'customer_code_key' },
  NAME: { ...ofCustomer, key: 'c.name_key', present: [`c.name_key >= ''`], index: 'customer_name_idx' },
  LAST_NAME: { ...ofCustomer, key: 'c.last_name_key', nullable: true, index: 'customer_last_name_idx' },
  EMAIL: { ...ofCustomer, key: 'c.email_key', nullable: true, index: 'customer_email_idx' },
  CREATED_AT: {
    ...ofCustomer,
    key: 'c.created_at',
    present: [`c.created_at >= '-infinity'`],
    type: 'timestamptz',
    index: 'customer_created_idx',
  },
  ORDERS_TOTAL_COUNT: {
    ...ofSnapshot,
    key: 'snapshot.orders_total_count',
    type: 'integer',
    index: 'customer_snapshot_total_count_idx',
  },
  ORDERS_TOTAL_VALUE: {
    ...ofSnapshot,
    key: 'snapshot.orders_total_cents',
    type: 'bigint',
    index: 'customer_snapshot_total_value_idx',
  },
  ORDERS_LAST_DATE: {
    ...{ ...ofSnapshot, key: 'snapshot.orders_last_date', type: 'date', nullable: true },
    index: 'customer_snapshot_last_date_idx',
  },
  LAST_BOOKING: {
    ...{ ...ofSnapshot, key: 'snapshot.last_booking_at', type: 'timestamptz', nullable: true },
    index: 'customer_snapshot_last_booking_idx',
  },
  NEXT_BOOKING: {
    ...{ ...ofSnapshot, key: 'snapshot.next_booking_at', type: 'timestamptz', nullable: true },
    index: 'customer_snapshot_next_booking_idx',
  },
};
