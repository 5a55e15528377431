import { folded } from '../where/comparisons.js';
import type { CustomerOrderField } from './customer-order.input.js';

/** An order in which customers can be listed. */
export interface Ordering {
  /** SQL of the value, over `c` or `snapshot`; null: the id alone. */
  key: string | null;
  /** Its type in SQL, in which a cursor brings it back. */
  type: 'text' | 'integer' | 'numeric' | 'date' | 'timestamptz';
  /** Whether customers can be without a value. */
  nullable: boolean;
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
  CODE: { ...ofCustomer, key: 'c.code_key', index: 'customer_code_key' },
  NAME: { ...ofCustomer, key: folded('c.name'), index: 'customer_name_idx' },
  LAST_NAME: { ...ofCustomer, key: folded('c.last_name'), nullable: true, index: 'customer_last_name_idx' },
  EMAIL: { ...ofCustomer, key: folded('c.email'), nullable: true, index: 'customer_email_idx' },
  CREATED_AT: { ...ofCustomer, key: 'c.created_at', type: 'timestamptz', index: 'customer_created_idx' },
  ORDERS_TOTAL_COUNT: {
    ...ofSnapshot,
    key: 'snapshot.orders_total_count',
    type: 'integer',
    index: 'customer_snapshot_total_count_idx',
  },
  ORDERS_TOTAL_VALUE: {
    ...ofSnapshot,
    key: 'snapshot.orders_total_value',
    type: 'numeric',
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
