import { selectList } from '../database/select-list.js';
import type { Sql } from '../database/database.js';
import type { Page } from '../graphql/connection.js';
import { OrderLine } from './order-line.entity.js';
import { Order } from './order.entity.js';

const orderColumns = selectList(Order, 'o');
const lineColumns = selectList(OrderLine, 'l');

/** A page of the orders of each customer, in the order in which they were recorded; one more each than the page holds. */
export const ordersOf = (
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  customerIds: readonly string[],
  page: Page,
): Promise<Order[]> =>
  sql.rows<Order>(
    `/* ordersOf */ SELECT o.* FROM unnest($2::bigint[]) AS wanted (id)
     CROSS JOIN LATERAL (SELECT ${orderColumns} FROM customer_order o
       WHERE o.owner_id = $1 AND o.customer_id = wanted.id AND ($3::bigint IS NULL OR o.id > $3) ORDER BY o.id LIMIT $4) AS o`,
    [ownerId, customerIds, page.after, page.size + 1],
  );

/** How many orders each customer has; those without any are left out. */
export const countOrdersOf = (
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  customerIds: readonly string[],
): Promise<{ id: string; count: number }[]> =>
  sql.rows<{ id: string; count: number }>(
    `/* countOrdersOf */ SELECT customer_id AS id, count(*)::int AS count FROM customer_order
     WHERE owner_id = $1 AND customer_id = ANY ($2::bigint[]) GROUP BY customer_id`,
    [ownerId, customerIds],
  );

export const linesOf = (sql: Pick<Sql, 'rows'>, ownerId: string, orderIds: readonly string[]): Promise<OrderLine[]> =>
  sql.rows<OrderLine>(
    `/* linesOf */ SELECT ${lineColumns} FROM order_line l
     WHERE l.owner_id = $1 AND l.order_id = ANY ($2::bigint[]) ORDER BY l.order_id, l.line`,
    [ownerId, orderIds],
  );
