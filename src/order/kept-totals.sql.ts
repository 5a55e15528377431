import { theOwner } from '../database/the-owner.js';

/**
 * What the counted ones of some orders come to, by customer (G16–G18): whole documents, each rounded to cents in the owner's
 * currency (A8, A60). `orders` has owner_id, customer_id and the columns of an order.
 */
const sumsOf = (orders: string, sign: '' | '-') => /* sql */ `
  SELECT customer_id, ${sign}1 AS count, ${sign}round(total_value * exchange_rate, 2) AS value,
    ${sign}round(total_value_ex_vat * exchange_rate, 2) AS value_ex_vat
  FROM ${orders} WHERE counted`;

/**
 * Common table expressions that move `order_totals` of owner $1 by what a statement does to orders: `after` names those that it
 * wrote, `before` the same ones as they were. Their customers are locked, so nobody else moves them meanwhile. Two steps
 * instead of an upsert: what is to be inserted would have to keep the rules of the table by itself, and a loss does not.
 */
export const keepTotals = (orders: { before?: string; after: string }) => /* sql */ `
     moved AS (
       SELECT customer_id, sum(count)::int AS count, sum(value) AS value, sum(value_ex_vat) AS value_ex_vat
       FROM (${orders.before ? `${sumsOf(orders.before, '-')} UNION ALL ` : ''}${sumsOf(orders.after, '')}) AS sums GROUP BY customer_id
       HAVING (sum(count), sum(value), sum(value_ex_vat)) <> (0, 0, 0)),
     kept AS (
       UPDATE order_totals t
       SET count = t.count + m.count, value = t.value + m.value, value_ex_vat = t.value_ex_vat + m.value_ex_vat
       FROM moved m WHERE t.owner_id = ${theOwner} AND t.customer_id = m.customer_id RETURNING t.customer_id),
     begun AS (
       INSERT INTO order_totals (owner_id, customer_id, count, value, value_ex_vat)
       SELECT $1, customer_id, count, value, value_ex_vat FROM moved WHERE customer_id NOT IN (SELECT customer_id FROM kept))`;
