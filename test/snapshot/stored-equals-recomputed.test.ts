import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { snapshotsOf } from '../../src/snapshot/snapshots-of.js';
import { startTestHub, type TestHub } from '../hub.js';
import { guestBook, movableClock, type Guest, type GuestBook } from './guest-book.js';

const now = '2026-03-04T11:00:00Z';
const nowMs = Date.parse(now);
const hourMs = 3_600_000;

let hub: TestHub;
let book: GuestBook;
let guests: Guest[];
let tags: string[];
beforeAll(async () => {
  hub = await startTestHub({ clock: movableClock(now), env: { STAMDATA_ROLES: 'api' } });
  book = await guestBook(hub, { timeZone: 'Pacific/Auckland', currency: 'EUR' });
  guests = [await book.guest(), await book.guest(), await book.guest()];
  tags = [];
  for (const name of ['A', 'B'])
    tags.push(
      (
        await book.owner.gql<{ createTag: { tag: { id: string } } }>(
          'mutation ($name: String!) { createTag(name: $name) { tag { id } } }',
          { name },
        )
      ).createTag.tag.id,
    );
});
afterAll(() => hub.stop());

const moment = fc
  .integer({ min: -60 * 24, max: 60 * 24 })
  .map((hours) => new Date(nowMs + (hours * hourMs) / 8).toISOString());
const who = fc.nat({ max: 2 });
const few = fc.integer({ min: 1, max: 3 }); // numbers come again, so that bookings and orders change and move
const cents = fc.integer({ min: 0, max: 9_999_999 }).map((amount) => (amount / 100).toFixed(2));

const step = fc.oneof(
  fc.record({
    do: fc.constant('booking' as const),
    who,
    row: fc.record({
      number: few.map((n) => `B${n}`),
      startsAt: moment,
      status: fc.constantFrom('BOOKED', 'CANCELLED', 'NO_SHOW', 'CHECKED_OUT'),
      service: fc.constantFrom('Room', 'Sauna'),
    }),
  }),
  fc.record({
    do: fc.constant('order' as const),
    who,
    row: fc.record({
      number: few.map((n) => `O${n}`),
      channel: fc.constant('ONLINE'),
      kind: fc.constant('ONLINE_ORDER'),
      status: fc.constantFrom('UNPROCESSED', 'PROCESSED', 'CANCELLED'),
      paid: fc.boolean(),
      orderedAt: moment,
      totalValue: cents,
      totalValueExVat: fc.constant('0'),
      exchangeRate: fc.constantFrom('0.13404', '1.1', '7.4601'),
      currency: fc.constant('DKK'),
    }),
  }),
  fc.record({ do: fc.constant('pos' as const), who, number: few.map((n) => `P${n}`), amount: cents }),
  fc.record({ do: fc.constant('unbook' as const), number: few.map((n) => `B${n}`) }),
  fc.record({ do: fc.constant('tag' as const), who, tag: fc.nat({ max: 1 }), set: fc.boolean() }),
  fc.record({
    do: fc.constant('consent' as const),
    who,
    input: fc.record({
      channel: fc.constantFrom('EMAIL', 'SMS'),
      accepted: fc.boolean(),
      occurredAt: moment.filter((text) => text <= now),
    }),
  }),
  fc.record({ do: fc.constant('rename' as const), who, name: fc.constantFrom('Ada Lovelace', 'Bob', 'Å  B') }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(given: Step): Promise<unknown> {
  switch (given.do) {
    case 'booking':
      return book.booking(guests[given.who]!, given.row.startsAt, given.row);
    case 'order':
      return book.orders(guests[given.who]!, [given.row]);
    case 'pos': {
      const { number, amount } = given;
      const minus = `-${amount}`;
      return book.orders(guests[given.who]!, [
        { channel: 'POS', kind: 'CREDIT_NOTE', number, orderedAt: now, totalValue: minus, totalValueExVat: minus },
      ]);
    }
    case 'unbook':
      return book.owner.gql('mutation ($number: String!) { deleteBooking(number: $number) { deletedId } }', given);
    case 'tag':
      return book.owner.gql(
        `mutation ($tag: ID!, $ids: [ID!]!) {
           ${given.set ? 'tagCustomers' : 'untagCustomers'}(tagId: $tag, customerIds: $ids) { changed } }`,
        { tag: tags[given.tag], ids: [guests[given.who]!.id] },
      );
    case 'consent':
      return book.owner.gql(
        `mutation ($id: ID!, $input: ConsentInput!) {
           setMarketingConsent(customer: { id: $id }, input: $input) { userErrors { message } } }`,
        { id: guests[given.who]!.id, input: given.input },
      );
    case 'rename':
      return book.change(guests[given.who]!, { name: given.name });
  }
}

const recomputed = () =>
  hub.hub.db.asOwner(book.owner.id, (sql) =>
    snapshotsOf(
      sql,
      book.owner.id,
      guests.map((guest) => guest.id),
      new Date(now),
    ),
  );
const inOrder = <Row extends { id: string }>(rows: Row[]) => rows.sort((a, b) => Number(a.id) - Number(b.id));

test('after any writes the stored snapshots are what their rows give, and each version is one event', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      for (const given of steps) await take(given);
      const stored = await hub.clone.sql<{ id: string }>(
        'SELECT customer_id AS id, body, clock_due_at AS "clockDueAt" FROM customer_snapshot WHERE owner_id = $1',
        [book.owner.id],
      );
      expect(inOrder(stored)).toEqual(inOrder(await recomputed()));
    }),
    { numRuns: 40 },
  );
  const events = await hub.clone.sql<{ dense: boolean }>(
    `SELECT array_agg(o.version ORDER BY o.id) = (SELECT array_agg(n) FROM generate_series(1, c.version) AS n) AS dense
     FROM outbox o JOIN customer c ON c.owner_id = o.owner_id AND c.id = o.customer_id GROUP BY c.id, c.version`,
  );
  expect(events).toEqual([{ dense: true }, { dense: true }, { dense: true }]);
});

test('the same rows at the same moment give the same picture, and computing it stores nothing', async () => {
  const stored = () => hub.clone.sql('SELECT * FROM customer_snapshot ORDER BY customer_id');
  const before = await stored();
  const [first, second] = [inOrder(await recomputed()), inOrder(await recomputed())];
  expect(first).toEqual(second);
  expect(first).toHaveLength(3);
  expect(await stored()).toEqual(before);
});

test('customers of another owner and unknown ids have no picture', async () => {
  const other = await guestBook(hub);
  const foreign = await other.guest();
  const found = await hub.hub.db.asOwner(book.owner.id, (sql) =>
    snapshotsOf(sql, book.owner.id, [foreign.id, '999999999', guests[0]!.id], new Date(now)),
  );
  expect(found.map((row) => row.id)).toEqual([guests[0]!.id]);
});
