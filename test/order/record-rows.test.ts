import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordBookings } from '../../src/booking/record-bookings.js';
import { recordOrders } from '../../src/order/record-orders.js';
import { OrderChannel, OrderKind } from '../../src/order/order.entity.js';
import { write, type Write } from '../../src/write.js';
import { startTestHub, type TestHub } from '../hub.js';
import { deskOf, type Desk } from './recording.js';

let hub: TestHub;
let desk: Desk;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  desk = await deskOf(hub, 'Orders', ['A', 'B', 'C']);
});
afterAll(() => hub.stop());

const call = { dryRun: false, allOrNothing: false, idempotencyKey: null, showExcluded: false };
const codes = ['A', 'B', 'C'];
const orders = (from: number, count: number, totalValue: string) =>
  Array.from({ length: count }, (_, i) => ({
    customer: { code: codes[i % 3]! },
    channel: OrderChannel.POS,
    kind: OrderKind.RECEIPT,
    number: `n${from + i}`,
    orderedAt: new Date('2026-03-01T10:00:00Z'),
    totalValue,
    totalValueExVat: '0',
    lines: [{ quantity: '1', unitPrice: totalValue, vatRate: '0' }],
  }));
const bookings = (from: number, count: number, service: string) =>
  Array.from({ length: count }, (_, i) => ({
    customer: { code: codes[i % 3]! },
    number: `n${from + i}`,
    service,
    startsAt: new Date('2026-05-01T14:00:00Z'),
    endsAt: new Date('2026-05-04T10:00:00Z'),
  }));

/** The names of the statements that a recording takes, the write's own after it included. */
async function statementsOf(work: (tx: Write) => Promise<unknown>): Promise<string[]> {
  const names: string[] = [];
  await write(hub.hub, { ownerId: desk.owner.id, origin: 'test' }, async (tx) => {
    const rows = tx.rows.bind(tx);
    tx.rows = (sql, parameters) => {
      names.push(/\/\* (\w+) \*\//.exec(sql)?.[1] ?? sql);
      return rows(sql, parameters);
    };
    await work(tx);
  });
  return names;
}

describe('a fixed number of statements for any number of rows', () => {
  test('orders: new and changed ones with their lines', async () => {
    await statementsOf((tx) => recordOrders(tx, orders(0, 3, '1'), call));
    const few = await statementsOf((tx) => recordOrders(tx, [...orders(0, 3, '2'), ...orders(3, 3, '1')], call));
    const many = await statementsOf((tx) => recordOrders(tx, [...orders(0, 6, '3'), ...orders(6, 600, '1')], call));
    expect(many.filter((name) => name !== 'forgetPlans')).toEqual(few); // which precedes many rows
    expect(few).toEqual([
      'ownerCurrency',
      'identifyCustomers',
      'findRecordedOrders',
      'lockCustomersOfRows',
      'findRecordedOrders',
      'insertOrders',
      'updateOrders',
      'deleteOrderLines',
      'insertOrderLines',
      'raiseVersions',
      'storeSnapshots',
    ]);
  });

  test('orders that are recorded already: no lock, no write', async () => {
    const seen = await statementsOf((tx) => recordOrders(tx, orders(0, 6, '3'), call));
    expect(seen).toEqual(['ownerCurrency', 'identifyCustomers', 'findRecordedOrders']);
  });

  test('bookings: new and changed ones with their history', async () => {
    await statementsOf((tx) => recordBookings(tx, bookings(0, 3, 'Single'), call));
    const few = await statementsOf((tx) =>
      recordBookings(tx, [...bookings(0, 3, 'Double'), ...bookings(3, 3, 'Single')], call),
    );
    const many = await statementsOf((tx) =>
      recordBookings(tx, [...bookings(0, 6, 'Suite'), ...bookings(6, 600, 'Single')], call),
    );
    expect(many.filter((name) => name !== 'forgetPlans')).toEqual(few); // which precedes many rows
    expect(few).toEqual([
      'identifyCustomers',
      'bookingsByNumber',
      'lockCustomersOfRows',
      'bookingsByNumber',
      'insertBookings',
      'updateBookings',
      'recordHistory',
      'raiseVersions',
      'storeSnapshots',
    ]);
  });
});
