import { recordCall, type RecordAnswer, type RecordCall } from '../bulk/record-call.js';
import { recordRows, type Recordable } from '../bulk/record-rows.js';
import { EventReason } from '../event-reason.js';
import type { Write } from '../write.js';
import { checkOrder } from './check-order.js';
import { findRecordedOrders, type RecordedOrder } from './find-recorded-orders.js';
import type { OrderInput } from './order.input.js';
import { isSameOrder, orderKey, type OrderState } from './order-state.js';
import { writeOrders } from './write-orders.js';

/**
 * Records orders by channel and number (G16–G19): new ones are made, others become what the row says, their lines too.
 * A moved order is an event of both customers. The transaction (`write` with the same `dryRun`) is the caller's.
 * @throws Rejected for what is wrong with the call as a whole
 */
export function recordOrders(tx: Write, orders: readonly OrderInput[], call: RecordCall): Promise<RecordAnswer> {
  return recordCall(tx, 'recordOrders', orders, { ...call, reason: EventReason.ORDER }, async () => {
    const currency = await ownerCurrency(tx);
    return recordRows(
      tx,
      orders.map((order) => checkOrder(order, currency)),
      recordableOrders,
      call,
    );
  });
}

/** By which the orders are judged (A60); it stays until the end of the write. */
async function ownerCurrency(tx: Write): Promise<string> {
  const [owner] = await tx.rows<{ currency: string }>('/* ownerCurrency */ SELECT currency FROM owner WHERE id = $1', [
    tx.ownerId,
  ]);
  return owner!.currency;
}

const recordableOrders: Recordable<OrderState, RecordedOrder> = {
  reason: EventReason.ORDER,
  keyOf: orderKey,
  find: findRecordedOrders,
  isSame: isSameOrder,
  write: writeOrders,
};
