import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { snapshotsOf } from '../../src/snapshot/snapshots-of.js';
import { guestBook, type Guest, type GuestBook } from './guest-book.js';

let hub: TestHub;
const books = new Map<string, GuestBook>();
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

/** What a guest's picture would be at any moment: the function behind every stored one. */
async function at(book: GuestBook, { id }: Guest, moment: string) {
  const [computed] = await hub.hub.db.asOwner(book.owner.id, (sql) =>
    snapshotsOf(sql, book.owner.id, [id], new Date(moment)),
  );
  const { body, clockDueAt } = computed!;
  return {
    last: body.lastBooking?.date ?? null,
    next: body.nextBooking?.date ?? null,
    dueAt: clockDueAt?.toISOString() ?? null,
  };
}

async function bookOf(timeZone: string): Promise<GuestBook> {
  const book = books.get(timeZone) ?? (await guestBook(hub, { timeZone }));
  books.set(timeZone, book);
  return book;
}

/**
 * One booking, and the moment at which its local day ends, as the calendar of the zone has it. Until then it has begun
 * today, and the clock is due at that moment; from then on it is the last one.
 */
const cases = [
  {
    zone: 'Europe/Copenhagen',
    what: 'winter',
    starts: '2026-01-15T22:30:00Z',
    day: '2026-01-15',
    ends: '2026-01-15T23:00:00Z',
  },
  {
    zone: 'Europe/Copenhagen',
    what: 'summer',
    starts: '2026-07-15T21:30:00Z',
    day: '2026-07-15',
    ends: '2026-07-15T22:00:00Z',
  },
  {
    zone: 'Europe/Copenhagen',
    what: 'the day of 23 hours',
    starts: '2026-03-29T00:30:00Z',
    day: '2026-03-29',
    ends: '2026-03-29T22:00:00Z',
  },
  {
    zone: 'Europe/Copenhagen',
    what: 'the day of 25 hours',
    starts: '2026-10-24T22:00:00Z',
    day: '2026-10-25',
    ends: '2026-10-25T23:00:00Z',
  },
  {
    zone: 'Europe/Copenhagen',
    what: 'the hour that comes twice',
    starts: '2026-10-25T01:30:00Z',
    day: '2026-10-25',
    ends: '2026-10-25T23:00:00Z',
  },
  {
    zone: 'America/Sao_Paulo',
    what: 'west of Greenwich',
    starts: '2026-06-01T02:30:00Z',
    day: '2026-05-31',
    ends: '2026-06-01T03:00:00Z',
  },
  {
    zone: 'America/Sao_Paulo',
    what: 'a midnight that did not exist',
    starts: '2018-11-04T02:30:00Z',
    day: '2018-11-03',
    ends: '2018-11-04T03:00:00Z',
  },
  {
    zone: 'America/Sao_Paulo',
    what: 'the day that began at one',
    starts: '2018-11-04T03:00:00Z',
    day: '2018-11-04',
    ends: '2018-11-05T02:00:00Z',
  },
  {
    zone: 'America/Sao_Paulo',
    what: 'the hour before midnight that came twice',
    starts: '2018-02-18T02:30:00Z',
    day: '2018-02-17',
    ends: '2018-02-18T03:00:00Z',
  },
  {
    zone: 'Pacific/Auckland',
    what: 'a day ahead of UTC',
    starts: '2026-06-30T12:00:00Z',
    day: '2026-07-01',
    ends: '2026-07-01T12:00:00Z',
  },
  {
    zone: 'Pacific/Auckland',
    what: 'summer time begins',
    starts: '2026-09-26T12:30:00Z',
    day: '2026-09-27',
    ends: '2026-09-27T11:00:00Z',
  },
  {
    zone: 'Pacific/Auckland',
    what: 'summer time ends',
    starts: '2026-04-04T11:30:00Z',
    day: '2026-04-05',
    ends: '2026-04-05T12:00:00Z',
  },
  {
    zone: 'Asia/Kathmandu',
    what: 'a quarter of an hour',
    starts: '2026-05-01T18:14:00Z',
    day: '2026-05-01',
    ends: '2026-05-01T18:15:00Z',
  },
  {
    zone: 'Atlantic/Azores',
    what: 'a midnight that comes twice',
    starts: '2026-10-25T00:30:00Z',
    day: '2026-10-25',
    ends: '2026-10-26T01:00:00Z',
  },
  {
    zone: 'America/Havana',
    what: 'the last hour before such a midnight',
    starts: '2026-11-01T03:30:00Z',
    day: '2026-10-31',
    ends: '2026-11-01T04:00:00Z',
  },
];

describe('A62, A3, A6: the local day of the owner decides', () => {
  test.each(cases)('$zone, $what', async ({ zone, starts, day, ends }) => {
    const book = await bookOf(zone);
    const guest = await book.guest();
    await book.booking(guest, starts);
    const justBefore = new Date(Date.parse(ends) - 1).toISOString();
    const beforeStart = new Date(Date.parse(starts) - 1).toISOString();
    const startsAt = new Date(starts).toISOString();
    const endsAt = new Date(ends).toISOString();
    expect(await at(book, guest, beforeStart)).toEqual({ last: null, next: day, dueAt: startsAt });
    expect(await at(book, guest, starts)).toEqual({ last: null, next: null, dueAt: endsAt });
    expect(await at(book, guest, justBefore)).toEqual({ last: null, next: null, dueAt: endsAt });
    expect(await at(book, guest, ends)).toEqual({ last: day, next: null, dueAt: null });
  });

  test('both at once: the earlier of the next start and the end of the day is when the clock is due', async () => {
    const book = await bookOf('Europe/Copenhagen');
    const guest = await book.guest();
    await book.booking(guest, '2026-01-15T08:00:00Z');
    await book.booking(guest, '2026-01-15T18:00:00Z');
    await book.booking(guest, '2026-01-16T18:00:00Z');
    const dueAt = async (moment: string) => (await at(book, guest, moment)).dueAt;
    expect(await dueAt('2026-01-15T12:00:00Z')).toBe('2026-01-15T18:00:00.000Z');
    expect(await dueAt('2026-01-15T20:00:00Z')).toBe('2026-01-15T23:00:00.000Z');
    expect(await dueAt('2026-01-16T12:00:00Z')).toBe('2026-01-16T18:00:00.000Z');
    expect(await dueAt('2026-01-17T12:00:00Z')).toBeNull();
  });
});

test('A62: another time zone moves the days of bookings and orders, and is an event for those who have some', async () => {
  const book = await guestBook(hub, { timeZone: 'Europe/Copenhagen' });
  const [dated, plain] = [await book.guest(), await book.guest()];
  await book.booking(dated, '2090-06-30T21:00:00Z');
  await book.orders(dated, [
    {
      channel: 'ONLINE',
      kind: 'ONLINE_ORDER',
      paid: true,
      orderedAt: '2026-01-01T00:30:00Z',
      totalValue: '1',
      totalValueExVat: '1',
    },
  ]);
  const settle = (timeZone: string) =>
    hub.request('mutation ($input: OwnerInput!) { updateOwner(input: $input) { userErrors { message } } }', {
      input: { code: book.owner.code, timeZone },
    });
  expect(await book.snapshot(dated)).toMatchObject({
    version: 3,
    ordersLastDate: '2026-01-01',
    nextBooking: { date: '2090-06-30' },
  });
  await settle('Pacific/Auckland');
  expect(await book.snapshot(dated)).toMatchObject({
    version: 4,
    ordersLastDate: '2026-01-01',
    nextBooking: { date: '2090-07-01' },
  });
  await settle('America/Sao_Paulo');
  expect(await book.snapshot(dated)).toMatchObject({
    version: 5,
    ordersLastDate: '2025-12-31',
    nextBooking: { date: '2090-06-30' },
  });
  await settle('America/Sao_Paulo');
  expect((await book.snapshot(dated)).version).toBe(5);
  expect((await book.snapshot(plain)).version).toBe(1);
});
