import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { guestBook, type GuestBook } from './guest-book.js';

let hub: TestHub;
let book: GuestBook;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  book = await guestBook(hub, { currency: 'DKK', timeZone: 'Europe/Copenhagen' });
});
afterAll(() => hub.stop());

const totalsAfter = async (...orders: object[]) => {
  const guest = await book.guest();
  await book.orders(guest, orders);
  const shown = await book.snapshot(guest);
  return [shown.ordersTotalCount, shown.ordersTotalValue, shown.ordersTotalValueExVat, shown.ordersLastDate];
};

const order = (extra: object) => ({
  channel: 'POS',
  kind: 'RECEIPT',
  orderedAt: '2026-03-05T10:00:00Z',
  totalValue: '125.00',
  totalValueExVat: '100.00',
  ...extra,
});
const online = (extra: object = {}) => order({ channel: 'ONLINE', kind: 'ONLINE_ORDER', paid: true, ...extra });

describe('G16, G17, G18: what counts', () => {
  test('POS receipts and invoices, whether paid or not', async () => {
    expect(await totalsAfter(order({}), order({ kind: 'INVOICE' }))).toEqual([2, '250.00', '200.00', null]);
  });

  test('POS documents literally: a cancelled one is still a document', async () => {
    expect(await totalsAfter(order({ status: 'CANCELLED' }))).toEqual([1, '125.00', '100.00', null]);
  });

  test.each([
    ['UNPROCESSED', true, 1],
    ['PROCESSED', true, 1],
    ['CANCELLED', true, 0],
    ['UNPROCESSED', false, 0],
    ['PROCESSED', false, 0],
    ['CANCELLED', false, 0],
  ])('online, %s, paid: %s', async (status, paid, counted) => {
    const expected = counted ? [1, '125.00', '100.00', '2026-03-05'] : [0, '0.00', '0.00', null];
    expect(await totalsAfter(online({ status, paid }))).toEqual(expected);
  });

  test('an online order counts once it is paid and no more once it is cancelled', async () => {
    const guest = await book.guest();
    const number = 'PAID-LATER';
    await book.orders(guest, [online({ number, paid: false })]);
    expect(await book.snapshot(guest)).toMatchObject({ ordersTotalCount: 0, ordersLastDate: null });
    await book.orders(guest, [online({ number })]);
    expect(await book.snapshot(guest)).toMatchObject({ ordersTotalCount: 1, ordersLastDate: '2026-03-05' });
    await book.orders(guest, [online({ number, status: 'CANCELLED' })]);
    expect(await book.snapshot(guest)).toMatchObject({ ordersTotalCount: 0, ordersTotalValue: '0.00', version: 4 });
  });

  test('A8: a credit note counts as a document and subtracts its money', async () => {
    const note = order({ kind: 'CREDIT_NOTE', totalValue: '-50.25', totalValueExVat: '-40.20' });
    expect(await totalsAfter(order({}), note)).toEqual([2, '74.75', '59.80', null]);
    expect(await totalsAfter(note)).toEqual([1, '-50.25', '-40.20', null]);
  });

  test('an order that moves to another customer leaves the totals of the first', async () => {
    const [first, second] = [await book.guest(), await book.guest()];
    await book.orders(first, [order({ number: 'MOVES' })]);
    await book.orders(second, [order({ number: 'MOVES' })]);
    expect(await book.snapshot(first)).toMatchObject({ ordersTotalCount: 0, ordersTotalValue: '0.00', version: 3 });
    expect(await book.snapshot(second)).toMatchObject({ ordersTotalCount: 1, ordersTotalValue: '125.00', version: 2 });
  });
});

describe('G17, A50: sums are exact', () => {
  test('a hundred times 0.10 is 10.00', async () => {
    const tenths = Array.from({ length: 100 }, () => order({ totalValue: '0.10', totalValueExVat: '0.08' }));
    expect(await totalsAfter(...tenths)).toEqual([100, '10.00', '8.00', null]);
  });

  test('beyond what a double holds', async () => {
    const huge = order({ totalValue: '99999999999999.99', totalValueExVat: '90071992547409.93' });
    expect(await totalsAfter(huge, order({ totalValue: '0.02', totalValueExVat: '0.01' }))).toEqual([
      2,
      '100000000000000.01',
      '90071992547409.94',
      null,
    ]);
  });

  test('lines give the totals: price with VAT, rate in percent', async () => {
    const lines = [
      { quantity: '3', unitPrice: '10.00', vatRate: '25' },
      { quantity: '1.5', unitPrice: '2.00', vatRate: '0' },
    ];
    const { totalValue: _, totalValueExVat: __, ...bare } = order({}) as Record<string, unknown>;
    expect(await totalsAfter({ ...bare, lines })).toEqual([1, '33.00', '27.00', null]);
  });
});

test('A60: another currency is counted by its rate, in the currency of the owner', async () => {
  const guest = await book.guest();
  await book.orders(guest, [
    order({ currency: 'EUR', exchangeRate: '7.4601', totalValue: '10.00', totalValueExVat: '8.00' }),
    order({ totalValue: '0.40', totalValueExVat: '0.32' }),
  ]);
  expect(await book.snapshot(guest)).toMatchObject({
    currency: 'DKK',
    ordersTotalValue: '75.00', // 74.601 → 74.60, and 0.40
    ordersTotalValueExVat: '60.00', // 59.6808 → 59.68, and 0.32
  });
});

test('A60: another currency without a rate is refused and counts nowhere', async () => {
  const guest = await book.guest();
  await expect(book.orders(guest, [order({ currency: 'EUR' })])).rejects.toThrow(/exchangeRate/);
  expect(await book.snapshot(guest)).toMatchObject({ version: 1, ordersTotalCount: 0 });
});

describe('G19, A7, A62: the day of the latest online order', () => {
  test('POS alone leaves it blank', async () => {
    expect((await totalsAfter(order({}), order({ kind: 'INVOICE', paid: true })))[3]).toBeNull();
  });

  test('a later POS document does not move it', async () => {
    expect((await totalsAfter(online(), order({ orderedAt: '2026-04-01T00:00:00Z' })))[3]).toBe('2026-03-05');
  });

  test('the latest that counts, in whatever order they came', async () => {
    const days = [
      online({ orderedAt: '2026-03-09T12:00:00Z' }),
      online({ orderedAt: '2026-03-11T12:00:00Z', paid: false }),
      online({ orderedAt: '2026-03-12T12:00:00Z', status: 'CANCELLED' }),
      online({ orderedAt: '2026-03-01T12:00:00Z' }),
    ];
    expect((await totalsAfter(...days))[3]).toBe('2026-03-09');
  });

  test.each([
    ['2026-03-05T22:59:59Z', '2026-03-05'],
    ['2026-03-05T23:00:00Z', '2026-03-06'],
    ['2026-07-05T21:59:59Z', '2026-07-05'],
    ['2026-07-05T22:00:00Z', '2026-07-06'],
    ['2026-03-05T23:30:00-08:00', '2026-03-06'],
  ])('%s is the local day %s', async (orderedAt, day) => {
    expect((await totalsAfter(online({ orderedAt })))[3]).toBe(day);
  });
});
