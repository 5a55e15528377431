import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { guestBook, type Guest, type GuestBook } from './guest-book.js';

let hub: TestHub;
let book: GuestBook;
let guests: Guest[];
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  book = await guestBook(hub, { currency: 'EUR' });
  guests = [await book.guest(), await book.guest(), await book.guest()];
});
afterAll(() => hub.stop());

const cents = fc.integer({ min: 0, max: 99_999_999 }).map((amount) => (amount / 10_000).toFixed(4));
const order = fc
  .record({
    who: fc.nat({ max: 2 }),
    number: fc.integer({ min: 1, max: 4 }).map((n) => `T${n}`), // numbers come again: orders change and move
    kind: fc.constantFrom('RECEIPT', 'CREDIT_NOTE', 'ONLINE_ORDER'),
    status: fc.constantFrom('UNPROCESSED', 'PROCESSED', 'CANCELLED'),
    paid: fc.boolean(),
    value: cents,
    exVat: cents,
    rate: fc.constantFrom('0.13404', '1.1', '7.4601'),
  })
  .map(({ who, kind, value, exVat, rate, ...rest }) => {
    const sign = kind === 'CREDIT_NOTE' ? '-' : '';
    const channel = kind === 'ONLINE_ORDER' ? 'ONLINE' : 'POS';
    const money = { totalValue: sign + value, totalValueExVat: sign + exVat, currency: 'DKK', exchangeRate: rate };
    return { who, channel, kind, orderedAt: '2026-03-01T12:00:00Z', ...money, ...rest };
  });

/** One call with orders of several customers; a second order with the same number is refused by itself. */
const record = (orders: (typeof order extends fc.Arbitrary<infer T> ? T : never)[], dryRun = false) =>
  book.owner.gql<{ recordOrders: { userErrors: object[] } }>(
    'mutation ($input: RecordOrdersInput!) { recordOrders(input: $input) { userErrors { message } } }',
    {
      input: {
        ownerCode: book.owner.code,
        dryRun,
        orders: orders.map(({ who, ...rest }) => ({ customer: { id: guests[who]!.id }, ...rest })),
      },
    },
  );

interface Totals {
  customerId: string;
  count: number;
  value: string;
  exVat: string;
}

const kept = () =>
  hub.clone.sql<Totals>(
    `SELECT customer_id AS "customerId", count, value::text, value_ex_vat::text AS "exVat" FROM order_totals
     WHERE owner_id = $1 AND count > 0 ORDER BY customer_id`,
    [book.owner.id],
  );
const addedUp = () =>
  hub.clone.sql<Totals>(
    `SELECT customer_id AS "customerId", count(*)::int AS count, sum(round(total_value * exchange_rate, 2))::text AS value,
       sum(round(total_value_ex_vat * exchange_rate, 2))::text AS "exVat"
     FROM customer_order WHERE owner_id = $1 AND counted GROUP BY customer_id ORDER BY customer_id`,
    [book.owner.id],
  );
const shown = async () =>
  (
    await hub.clone.sql<Totals>(
      `SELECT customer_id AS "customerId", (body -> 'ordersTotalCount')::int AS count, body ->> 'ordersTotalValue' AS value,
         body ->> 'ordersTotalValueExVat' AS "exVat"
       FROM customer_snapshot WHERE owner_id = $1 ORDER BY customer_id`,
      [book.owner.id],
    )
  ).filter(({ count }) => count > 0);

test('G16, G17: after any calls, also such that race for the same orders, the kept totals are those of the rows', async () => {
  const calls = fc.array(fc.array(order, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(calls, async (together) => {
      for (const { recordOrders } of await Promise.all(together.map((orders) => record(orders))))
        expect(recordOrders.userErrors).toEqual([]);
      const rows = await addedUp();
      expect(await kept()).toEqual(rows);
      expect(await shown()).toEqual(rows);
    }),
    { numRuns: 30 },
  );
  expect((await addedUp()).length, 'orders that count were among them').toBeGreaterThan(0);
});

test('G16: a dry run leaves the totals as they were', async () => {
  const before = await kept();
  await fc.assert(
    fc.asyncProperty(fc.array(order, { minLength: 1, maxLength: 5 }), async (orders) => {
      await record(orders, true);
      expect(await kept()).toEqual(before);
    }),
    { numRuns: 5 },
  );
});

test('G16: totals never say less than nothing, and nothing without an order', async () => {
  for (const change of ['count = -1', 'count = 0, value = 1'])
    await expect(
      hub.clone.sql(`UPDATE order_totals SET ${change} WHERE owner_id = $1`, [book.owner.id]),
    ).rejects.toThrow(/order_totals_(count_check|none)/);
});
