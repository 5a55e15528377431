import type { RecordChange } from '../bulk/record-rows.js';
import { theOwner } from '../database/the-owner.js';
import { Raced, type Write } from '../write.js';
import type { RecordedOrder } from './find-recorded-orders.js';
import { keepTotals } from './kept-totals.sql.js';
import { haveSameLines, orderKey, type OrderState } from './order-state.js';

type Change = RecordChange<OrderState, RecordedOrder>;

/**
 * Writes orders with their lines, new ones and changed ones, whose customers are locked: four statements for any number. Every
 * order passes here, so here the totals of the customers are kept.
 * Gives their ids by the changes' index. A number that another transaction has taken meanwhile starts the write anew.
 */
export async function writeOrders(tx: Write, changes: Change[]): Promise<Map<number, string>> {
  const created = await insertOrders(
    tx,
    changes.filter(({ stored }) => stored === null),
  );
  const updated = changes.flatMap((change) => (change.stored ? [{ ...change, stored: change.stored }] : []));
  await updateOrders(tx, updated);
  const relined = updated.filter(({ row, stored }) => !haveSameLines(row, stored));
  await deleteLines(
    tx,
    relined.map(({ stored }) => stored.id),
  );
  const ids = new Map([...created, ...updated.map(({ index, stored }): [number, string] => [index, stored.id])]);
  const lined = [...changes.filter(({ stored }) => stored === null), ...relined];
  await insertLines(
    tx,
    lined.flatMap(({ index, row }) => row.lines.map((line, i) => ({ ...line, line: i + 1, orderId: ids.get(index)! }))),
  );
  return ids;
}

const recordColumns = `"customerId" bigint, channel text, kind text, number text, status text, paid boolean, "orderedAt" timestamptz,
  currency text, "exchangeRate" numeric, "totalValue" numeric, "totalValueExVat" numeric`;

/** Ids by the changes' index. Inserted in the order of their keys everywhere, so that two writes wait and not lock. */
async function insertOrders(tx: Write, changes: Change[]): Promise<[number, string][]> {
  if (changes.length === 0) return [];
  const inserted = await tx.rows<{ id: string } & Pick<OrderState, 'channel' | 'number'>>(
    `/* insertOrders */
     WITH made AS (
       INSERT INTO customer_order (owner_id, customer_id, channel, kind, number, status, paid, ordered_at, currency,
         exchange_rate, total_value, total_value_ex_vat, created_at, updated_at)
       SELECT $1, r."customerId", r.channel, r.kind, r.number, r.status, r.paid, r."orderedAt", r.currency,
         r."exchangeRate", r."totalValue", r."totalValueExVat", now.at, now.at
       FROM json_to_recordset($2::json) AS r (${recordColumns}),
         (SELECT coalesce($3::timestamptz, statement_timestamp()) AS at) AS now
       ORDER BY r.channel, r.number
       ON CONFLICT DO NOTHING RETURNING *),${keepTotals({ after: 'made' })}
     SELECT id, channel, number FROM made`,
    [tx.ownerId, JSON.stringify(changes.map(recordOf)), tx.at],
  );
  if (inserted.length < changes.length) throw new Raced();
  const byKey = new Map(inserted.map((order) => [orderKey(order), order.id]));
  return changes.map(({ index, row }) => [index, byKey.get(orderKey(row))!]);
}

async function updateOrders(tx: Write, changes: (Change & { stored: RecordedOrder })[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.rows(
    `/* updateOrders */
     WITH given AS MATERIALIZED (SELECT * FROM json_to_recordset($2::json) AS r (id bigint, ${recordColumns})),
     before AS MATERIALIZED (SELECT o.* FROM given r JOIN customer_order o ON o.owner_id = ${theOwner} AND o.id = r.id),
     after AS (
       UPDATE customer_order o SET customer_id = r."customerId", kind = r.kind, status = r.status, paid = r.paid,
         ordered_at = r."orderedAt", currency = r.currency, exchange_rate = r."exchangeRate", total_value = r."totalValue",
         total_value_ex_vat = r."totalValueExVat", updated_at = coalesce($3::timestamptz, statement_timestamp())
       FROM given r WHERE o.owner_id = ${theOwner} AND o.id = r.id RETURNING o.*),${keepTotals({ before: 'before', after: 'after' })}
     SELECT`,
    [tx.ownerId, JSON.stringify(changes.map((change) => ({ ...recordOf(change), id: change.stored.id }))), tx.at],
  );
}

const recordOf = ({ customerId, row: { lines: _, ...order } }: Change) => ({ ...order, customerId });

async function deleteLines(tx: Write, orderIds: string[]): Promise<void> {
  if (orderIds.length === 0) return;
  await tx.rows(
    `/* deleteOrderLines */ DELETE FROM order_line WHERE owner_id = ${theOwner} AND order_id = ANY ($2::bigint[])`,
    [tx.ownerId, orderIds],
  );
}

async function insertLines(
  tx: Write,
  lines: (OrderState['lines'][number] & { orderId: string; line: number })[],
): Promise<void> {
  if (lines.length === 0) return;
  await tx.rows(
    `/* insertOrderLines */
     INSERT INTO order_line (owner_id, order_id, line, description, quantity, unit_price, vat_rate)
     SELECT $1, r."orderId", r.line, r.description, r.quantity, r."unitPrice", r."vatRate"
     FROM json_to_recordset($2::json)
       AS r ("orderId" bigint, line smallint, description text, quantity numeric, "unitPrice" numeric, "vatRate" numeric)`,
    [tx.ownerId, JSON.stringify(lines)],
  );
}
