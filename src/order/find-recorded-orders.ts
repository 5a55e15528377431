import type { Write } from '../write.js';
import { Order } from './order.entity.js';
import type { OrderState } from './order-state.js';
import { selectList } from '../database/select-list.js';
import { theOwner } from '../database/the-owner.js';

/** An order as it is recorded, with its lines. */
export type RecordedOrder = OrderState & { id: string; customerId: string };

/** The orders behind channels and numbers; with `lock` their rows are locked in the order of their ids. */
export const findRecordedOrders = (
  tx: Write,
  keys: readonly Pick<OrderState, 'channel' | 'number'>[],
  options: { lock: boolean },
): Promise<RecordedOrder[]> =>
  tx.rows<RecordedOrder>(
    `/* findRecordedOrders */
     SELECT ${orderColumns}, coalesce((
       SELECT json_agg(json_build_object('description', l.description, 'quantity', l.quantity::text,
         'unitPrice', l.unit_price::text, 'vatRate', l.vat_rate::text) ORDER BY l.line)
       FROM order_line l WHERE l.owner_id = ${theOwner} AND l.order_id = o.id), '[]') AS lines
     FROM unnest($2::text[], $3::text[]) AS wanted (channel, number)
     JOIN customer_order o ON o.owner_id = ${theOwner} AND o.channel = wanted.channel AND o.number = wanted.number
     ORDER BY o.id ${options.lock ? 'FOR UPDATE OF o' : ''}`,
    [tx.ownerId, keys.map((key) => key.channel), keys.map((key) => key.number)],
  );

const orderColumns = selectList(Order, 'o');
