import { Refusal } from '../../errors.js';
import { OrderDirection, type CustomerOrderInput } from './customer-order.input.js';
import { orderings, type Ordering } from './orderings.js';

/** A place in an ordered list: behind (or before) the customer `id`, whose value was `key` when its page was read. */
export interface Position {
  key: string | null;
  id: string;
}

/** The cursor of a customer in a list of this order. It says the order, so that it cannot be used with another. */
export function listCursor(order: CustomerOrderInput, { key, id }: Position): string {
  if (orderings[order.field].key === null && order.direction === OrderDirection.ASC) return encode(`id:${id}`);
  return encode(JSON.stringify([order.field, order.direction, key, id]));
}

/** @throws Refusal BAD_USER_INPUT for a cursor of another list or another order, or none at all */
export function positionOf(
  argument: 'after' | 'before',
  cursor: string | null | undefined,
  order: CustomerOrderInput,
): Position | null {
  if (cursor == null) return null;
  const text = Buffer.from(cursor, 'base64url').toString();
  const plain = /^id:(\d{1,18})$/.exec(text)?.[1];
  const [field, direction, key, id] = plain ? ['ID', 'ASC', null, plain] : parsed(text);
  if (typeof id !== 'string' || !/^\d{1,18}$/.test(id))
    throw new Refusal('BAD_USER_INPUT', `${argument}: this is not a cursor of this list`);
  if (field !== order.field || direction !== order.direction)
    throw new Refusal(
      'BAD_USER_INPUT',
      `${argument}: this cursor is of the order ${String(field)} ${String(direction)}, not of ${order.field} ${order.direction}`,
    );
  if (!isKey(key, orderings[order.field]))
    throw new Refusal('BAD_USER_INPUT', `${argument}: this is not a cursor of this list`);
  return { key, id };
}

export const encode = (text: string): string => Buffer.from(text).toString('base64url');

/** The list that a cursor was made of; empty for whatever else it is. */
export function parsed(text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? (list as unknown[]) : [];
  } catch {
    return [];
  }
}

/** Whether it is a value of the order as PostgreSQL writes it: what it could not read must not reach it. */
function isKey(key: unknown, { key: ordered, type, nullable }: Ordering): key is string | null {
  if (key === null) return nullable || ordered === null;
  return ordered !== null && typeof key === 'string' && shapes[type].test(key);
}

const day = String.raw`\d{4,6}-(0[1-9]|1[0-2])-([0-2]\d|3[01])`;
const shapes: Record<Ordering['type'], RegExp> = {
  text: /^[^\0\p{Cs}]{0,1000}$/u,
  integer: /^-?\d{1,9}$/,
  bigint: /^-?\d{1,18}$/,
  date: new RegExp(`^${day}$`),
  timestamptz: new RegExp(String.raw`^${day} ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?[+-]\d\d(:\d\d){0,2}$`),
};
