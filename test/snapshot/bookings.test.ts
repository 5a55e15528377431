import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { guestBook, movableClock, type GuestBook } from './guest-book.js';

// Wednesday noon in Copenhagen, which is UTC+1 in March.
const now = '2026-03-04T11:00:00Z';

let hub: TestHub;
let book: GuestBook;
beforeAll(async () => {
  hub = await startTestHub({ clock: movableClock(now), env: { STAMDATA_ROLES: 'api' } });
  book = await guestBook(hub, { timeZone: 'Europe/Copenhagen' });
});
afterAll(() => hub.stop());

/** The services of the last and the next booking of a guest with these bookings, each named by its place. */
const lastAndNext = async (...bookings: [startsAt: string, extra?: object][]) => {
  const guest = await book.guest();
  for (const [i, [startsAt, extra]] of bookings.entries())
    await book.booking(guest, startsAt, { service: `S${i}`, ...extra });
  const { lastBooking, nextBooking } = await book.snapshot(guest);
  return [lastBooking?.service ?? null, nextBooking?.service ?? null];
};

const yesterday = '2026-03-03T10:00:00Z';
const begunToday = '2026-03-04T08:00:00Z';
const laterToday = '2026-03-04T16:00:00Z';
const tomorrow = '2026-03-05T10:00:00Z';

describe('A3, A5, A6: which booking is the last and which the next one', () => {
  test('yesterday is the last one', async () => {
    expect(await lastAndNext([yesterday])).toEqual(['S0', null]);
  });

  test('A6: begun earlier today is neither', async () => {
    expect(await lastAndNext([begunToday])).toEqual([null, null]);
  });

  test('A5: later today is the next one', async () => {
    expect(await lastAndNext([laterToday])).toEqual([null, 'S0']);
  });

  test('tomorrow is the next one', async () => {
    expect(await lastAndNext([tomorrow])).toEqual([null, 'S0']);
  });

  test('all four: the day before today and the rest of today win', async () => {
    expect(await lastAndNext([tomorrow], [laterToday], [begunToday], [yesterday])).toEqual(['S3', 'S1']);
  });

  test('A6: one that begins at this very moment has started, so it is neither', async () => {
    expect(await lastAndNext([now])).toEqual([null, null]);
  });

  test('a moment later it has not', async () => {
    expect(await lastAndNext(['2026-03-04T11:00:00.001Z'])).toEqual([null, 'S0']);
  });

  test('A3: the most recent day before today, not the first one ever', async () => {
    expect(await lastAndNext(['2020-01-01T10:00:00Z'], [yesterday], ['2026-03-01T10:00:00Z'])).toEqual(['S1', null]);
  });

  test('A5: the earliest one ahead, not the one recorded first', async () => {
    expect(await lastAndNext(['2030-01-01T10:00:00Z'], [tomorrow], ['2026-04-01T10:00:00Z'])).toEqual([null, 'S1']);
  });

  test('a stay that began yesterday and goes on is the last one', async () => {
    expect(await lastAndNext([yesterday, { endsAt: '2026-03-09T10:00:00Z' }])).toEqual(['S0', null]);
  });

  test('of two that begin together, one decides for day and service alike', async () => {
    const guest = await book.guest();
    const first = await book.booking(guest, tomorrow, { service: 'Massage' });
    await book.booking(guest, tomorrow, { service: 'Sauna' });
    expect((await book.snapshot(guest)).nextBooking).toEqual({
      bookingId: first,
      date: '2026-03-05',
      startsAt: '2026-03-05T10:00:00.000Z',
      service: 'Massage',
    });
  });
});

describe('A59: what counts as a booking', () => {
  test('a cancelled one does not', async () => {
    const cancelled = { status: 'CANCELLED' };
    expect(await lastAndNext([yesterday, cancelled], [tomorrow, cancelled])).toEqual([null, null]);
  });

  test.each(['BOOKED', 'CONFIRMED', 'CHECKED_IN', 'CHECKED_OUT', 'NO_SHOW'])('%s does', async (status) => {
    expect(await lastAndNext([yesterday, { status }], [tomorrow, { status }])).toEqual(['S0', 'S1']);
  });

  test('a cancelled one lets the one behind it through', async () => {
    const guest = await book.guest();
    await book.booking(guest, tomorrow, { number: 'SOON', service: 'Soon' });
    await book.booking(guest, '2026-03-06T10:00:00Z', { service: 'Later' });
    await book.booking(guest, tomorrow, { number: 'SOON', service: 'Soon', status: 'CANCELLED' });
    expect((await book.snapshot(guest)).nextBooking?.service).toBe('Later');
  });

  test('a deleted one does not, until it is recorded again', async () => {
    const guest = await book.guest();
    await book.booking(guest, yesterday, { number: 'DELETED', service: 'Stay' });
    await book.owner.gql('mutation { deleteBooking(number: "DELETED") { deletedId } }');
    expect(await book.snapshot(guest)).toMatchObject({ lastBooking: null, version: 3 });
    await book.booking(guest, yesterday, { number: 'DELETED', service: 'Stay' });
    expect(await book.snapshot(guest)).toMatchObject({ lastBooking: { service: 'Stay' }, version: 4 });
  });

  test('one that moves to another customer leaves the first', async () => {
    const [first, second] = [await book.guest(), await book.guest()];
    await book.booking(first, tomorrow, { number: 'MOVES' });
    await book.booking(second, tomorrow, { number: 'MOVES' });
    expect((await book.snapshot(first)).nextBooking).toBeNull();
    expect((await book.snapshot(second)).nextBooking?.service).toBe('Stay');
  });
});

test('G20–G27: day, moment and service of both', async () => {
  const guest = await book.guest();
  const last = await book.booking(guest, '2026-03-02T23:30:00Z', { service: 'Late "night" \\ check-in' });
  const next = await book.booking(guest, '2026-03-04T23:30:00+01:00', { service: 'Æblegrød' });
  expect(await book.snapshot(guest)).toMatchObject({
    computedAt: '2026-03-04T11:00:00.000Z',
    lastBooking: {
      bookingId: last,
      date: '2026-03-03', // half past midnight in Copenhagen
      startsAt: '2026-03-02T23:30:00.000Z',
      service: 'Late "night" \\ check-in',
    },
    nextBooking: { bookingId: next, date: '2026-03-04', startsAt: '2026-03-04T22:30:00.000Z', service: 'Æblegrød' },
  });
});
