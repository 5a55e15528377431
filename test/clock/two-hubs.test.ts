import { afterAll, beforeAll, expect, test } from 'vitest';
import { endOfFeed, follow, startTestHub, type TestHub } from '../hub.js';
import { guestBook, type GuestBook } from '../snapshot/guest-book.js';

let first: TestHub;
let second: TestHub;
let book: GuestBook;
beforeAll(async () => {
  first = await startTestHub();
  second = await startTestHub({ clone: first.clone });
  book = await guestBook(first, { timeZone: 'Europe/Copenhagen' });
});
afterAll(async () => {
  await second.stop();
  await first.stop();
});

interface Pushed {
  customerSnapshots: {
    customerId: string;
    version: number;
    reasons: string[];
    origin: string | null;
    snapshot: { version: number; nextBooking: object | null };
  };
}
const pushes = `subscription ($after: String, $reasons: [EventReason!]) { customerSnapshots(after: $after, reasons: $reasons) {
  customerId version reasons origin snapshot { version nextBooking { service } } } }`;

test('A52, D21: bookings that begin are pushed once each, within two seconds, with two processes over one database', async () => {
  const after = await endOfFeed(book.owner);
  const guests = await Promise.all(Array.from({ length: 8 }, () => book.guest()));
  const startsAt = new Date(Date.now() + 1_200);
  await Promise.all(guests.map((guest) => book.booking(guest, startsAt.toISOString())));
  const following = follow<Pushed>(second.subscriber(book.owner.key), pushes, { after, reasons: ['CLOCK'] });
  const arrived: Pushed['customerSnapshots'][] = [];
  while (arrived.length < guests.length) arrived.push((await following.next()).customerSnapshots);
  const lateMs = Date.now() - startsAt.getTime();
  void following.end();
  expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(lateMs).toBeLessThan(2_000);
  expect(arrived.map((event) => event.customerId).sort()).toEqual(guests.map((guest) => guest.id).sort());
  for (const event of arrived)
    expect(event).toMatchObject({
      version: 3,
      reasons: ['CLOCK'],
      origin: null,
      snapshot: { version: 3, nextBooking: null },
    });
  // each process has had its turn when it has carried one more event: a second one of the clock would be before it
  const marked = await book.guest();
  const rest = follow<Pushed>(first.subscriber(book.owner.key), pushes, { after });
  let clockEvents = 0;
  for (;;) {
    const event = (await rest.next()).customerSnapshots;
    if (event.reasons.includes('CLOCK')) clockEvents++;
    if (event.customerId === marked.id) break;
  }
  void rest.end();
  expect(clockEvents).toBe(guests.length);
  const [versions] = await first.clone.sql<{ most: number }>(
    'SELECT max(version) AS most FROM customer WHERE owner_id = $1',
    [book.owner.id],
  );
  expect(versions).toEqual({ most: 3 });
});
