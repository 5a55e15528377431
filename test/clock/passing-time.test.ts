import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClockSweeper } from '../../src/clock-sweeper.js';
import { startTestHub, type TestHub } from '../hub.js';
import { guestBook, movableClock, type Guest, type GuestBook } from '../snapshot/guest-book.js';

const start = '2026-03-04T11:00:00Z'; // noon in Copenhagen
const clock = movableClock(start);

let hub: TestHub;
let sweeper: ClockSweeper;
let book: GuestBook;
beforeAll(async () => {
  hub = await startTestHub({ clock, env: { STAMDATA_ROLES: 'api' } });
  sweeper = new ClockSweeper(hub.hub, hub.hub.log);
  book = await guestBook(hub, { timeZone: 'Europe/Copenhagen' });
});
afterAll(() => hub.stop());

/** Moves the clock and lets the sweeper catch up. */
async function passTo(moment: string): Promise<void> {
  clock.moveTo(moment);
  while (await sweeper.sweep());
}

const events = async ({ id }: Guest) => {
  const rows = await hub.clone.sql<{ event: string }>(
    `SELECT version || ' ' || array_to_string(reasons, ',') AS event FROM outbox WHERE customer_id = $1 ORDER BY id`,
    [id],
  );
  return rows.map((row) => row.event);
};
const dueAt = async ({ id }: Guest) => {
  const [row] = await hub.clone.sql<{ due: Date | null }>(
    'SELECT clock_due_at AS due FROM customer_snapshot WHERE customer_id = $1',
    [id],
  );
  return row!.due?.toISOString() ?? null;
};

describe('A52, D3: the clock is a writer', () => {
  test('A5, A6: a booking begins: the next one moves on, and a midnight later it is the last one', async () => {
    clock.moveTo(start);
    const guest = await book.guest();
    await book.booking(guest, '2026-03-04T12:00:00Z', { service: 'Massage' });
    await book.booking(guest, '2026-03-06T12:00:00Z', { service: 'Sauna' });
    await passTo('2026-03-04T11:59:59.999Z');
    expect(await book.snapshot(guest)).toMatchObject({ version: 3, nextBooking: { service: 'Massage' } });
    await passTo('2026-03-04T12:00:00Z');
    expect(await book.snapshot(guest)).toMatchObject({
      version: 4,
      computedAt: '2026-03-04T12:00:00.000Z',
      lastBooking: null,
      nextBooking: { service: 'Sauna' },
    });
    await passTo('2026-03-04T22:59:59.999Z');
    expect((await book.snapshot(guest)).version).toBe(4);
    await passTo('2026-03-04T23:00:00Z');
    expect(await book.snapshot(guest)).toMatchObject({
      version: 5,
      lastBooking: { service: 'Massage', date: '2026-03-04' },
      nextBooking: { service: 'Sauna' },
    });
    expect(await events(guest)).toEqual(['1 CREATED', '2 BOOKING', '3 BOOKING', '4 CLOCK', '5 CLOCK']);
    expect(await dueAt(guest)).toBe('2026-03-06T12:00:00.000Z');
  });

  test('the event of the clock has no origin and happened when the clock says', async () => {
    clock.moveTo(start);
    const guest = await book.guest();
    await book.booking(guest, '2026-03-04T12:00:00Z');
    await passTo('2026-03-04T12:00:01Z');
    const [last] = await hub.clone.sql<object>(
      'SELECT origin, occurred_at AS "occurredAt" FROM outbox WHERE customer_id = $1 ORDER BY id DESC LIMIT 1',
      [guest.id],
    );
    expect(last).toEqual({ origin: null, occurredAt: new Date('2026-03-04T12:00:01Z') });
  });

  test('sweeping again changes nothing', async () => {
    clock.moveTo(start);
    const guest = await book.guest();
    await book.booking(guest, '2026-03-04T12:00:00Z');
    await passTo('2026-03-04T12:00:00Z');
    const before = await book.snapshot(guest);
    await passTo('2026-03-04T12:00:00Z');
    await passTo('2026-03-04T13:00:00Z');
    expect(await book.snapshot(guest)).toEqual(before);
  });

  test('no change is no event: a midnight at which a later booking is the last one anyway', async () => {
    clock.moveTo(start);
    const guest = await book.guest();
    // two of today: when the day ends the later one becomes the last; the earlier one must not make a second event
    await book.booking(guest, '2026-03-04T08:00:00Z', { service: 'Early' });
    await book.booking(guest, '2026-03-04T09:00:00Z', { service: 'Late' });
    await passTo('2026-03-04T23:00:00Z');
    expect(await events(guest)).toEqual(['1 CREATED', '2 BOOKING', '3 BOOKING', '4 CLOCK']);
    expect(await book.snapshot(guest)).toMatchObject({ lastBooking: { service: 'Late' } });
    expect(await dueAt(guest)).toBeNull();
  });

  test('no change is no event: due too early, the due time moves on', async () => {
    clock.moveTo(start);
    const guest = await book.guest();
    await book.booking(guest, '2026-03-04T20:00:00Z');
    await hub.clone.sql('UPDATE customer_snapshot SET clock_due_at = $2 WHERE customer_id = $1', [guest.id, start]);
    await passTo('2026-03-04T12:00:00Z');
    expect(await events(guest)).toEqual(['1 CREATED', '2 BOOKING']);
    expect(await dueAt(guest)).toBe('2026-03-04T20:00:00.000Z');
  });

  test('after a standstill of days all that was missed is one event with the picture of now', async () => {
    clock.moveTo(start);
    const guest = await book.guest();
    for (const day of ['04', '05', '06', '10'])
      await book.booking(guest, `2026-03-${day}T15:00:00Z`, { service: `Day ${day}` });
    await passTo('2026-03-08T09:00:00Z');
    expect((await events(guest)).slice(5)).toEqual(['6 CLOCK']);
    expect(await book.snapshot(guest)).toMatchObject({
      lastBooking: { service: 'Day 06' },
      nextBooking: { service: 'Day 10' },
    });
  });

  test('A44: an excluded customer gets no event, and the picture of now once the exclusion is lifted', async () => {
    clock.moveTo(start);
    const guest = await book.guest();
    await book.booking(guest, '2026-03-04T12:00:00Z');
    const exclude = (excluded: boolean) =>
      hub.request(
        `mutation ($id: ID!, $excluded: Boolean!) {
           setCustomerExcluded(customer: { id: $id }, excluded: $excluded) { userErrors { message } } }`,
        { id: guest.id, excluded },
        { owner: book.owner.code },
      );
    await exclude(true);
    expect(await dueAt(guest)).toBeNull();
    await passTo('2026-03-05T12:00:00Z');
    expect(await events(guest)).toEqual(['1 CREATED', '2 BOOKING', '3 EXCLUDED']);
    await exclude(false);
    expect(await events(guest)).toEqual(['1 CREATED', '2 BOOKING', '3 EXCLUDED', '4 INCLUDED']);
    expect(await book.snapshot(guest)).toMatchObject({ lastBooking: { date: '2026-03-04' }, nextBooking: null });
  });

  test('A62: midnight comes when the owner has it', async () => {
    clock.moveTo('2026-06-30T08:00:00Z');
    const [west, east] = [
      await guestBook(hub, { timeZone: 'America/Sao_Paulo' }),
      await guestBook(hub, { timeZone: 'Pacific/Auckland' }),
    ];
    const [westerner, easterner] = [await west.guest(), await east.guest()];
    await west.booking(westerner, '2026-06-30T07:00:00Z');
    await east.booking(easterner, '2026-06-30T07:00:00Z');
    await passTo('2026-06-30T12:00:00Z');
    expect((await east.snapshot(easterner)).lastBooking?.date).toBe('2026-06-30');
    expect((await west.snapshot(westerner)).lastBooking).toBeNull();
    await passTo('2026-07-01T03:00:00Z');
    expect((await west.snapshot(westerner)).lastBooking?.date).toBe('2026-06-30');
  });
});

describe('D21: many at once', () => {
  test('more customers than one round takes are all caught up', async () => {
    clock.moveTo(start);
    const crowd = await guestBook(hub, { timeZone: 'Europe/Copenhagen' });
    const codes = Array.from({ length: 1_100 }, (_, i) => `C${i}`);
    await crowd.owner.gql(
      'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { counts { customers } } }',
      {
        input: { ownerCode: crowd.owner.code, customers: codes.map((code) => ({ code, name: code })) },
      },
    );
    const { recordBookings } = await crowd.owner.gql<{ recordBookings: { errors: object[]; userErrors: object[] } }>(
      'mutation ($input: RecordBookingsInput!) { recordBookings(input: $input) { errors { errors } userErrors { message } } }',
      {
        input: {
          ownerCode: crowd.owner.code,
          bookings: codes.map((code) => ({
            customer: { code },
            number: code,
            service: 'Tour',
            startsAt: '2026-03-04T12:00:00Z',
            endsAt: '2026-03-04T13:00:00Z',
          })),
        },
      },
    );
    expect(recordBookings).toEqual({ errors: [], userErrors: [] });
    await passTo('2026-03-04T12:00:00Z');
    const [counted] = await hub.clone.sql<{ events: number; versions: number }>(
      `SELECT count(*) FILTER (WHERE reasons = '{CLOCK}')::int AS events,
         (SELECT count(*)::int FROM customer WHERE owner_id = $1 AND version = 3) AS versions
       FROM outbox WHERE owner_id = $1`,
      [crowd.owner.id],
    );
    expect(counted).toEqual({ events: 1_100, versions: 1_100 });
  });

  test('a customer that another write holds is left to the next round and holds up nobody', async () => {
    clock.moveTo(start);
    const [held, free] = [await book.guest(), await book.guest()];
    await book.booking(held, '2026-03-04T12:00:00Z');
    await book.booking(free, '2026-03-04T12:00:00Z');
    await hub.hub.db.asOwner(book.owner.id, async (sql) => {
      await sql.rows('SELECT FROM customer WHERE owner_id = $1 AND id = $2 FOR UPDATE', [book.owner.id, held.id]);
      await passTo('2026-03-04T12:00:00Z');
      expect((await book.snapshot(free)).version).toBe(3);
      expect((await book.snapshot(held)).version).toBe(2);
    });
    await passTo('2026-03-04T12:00:00Z');
    expect((await book.snapshot(held)).version).toBe(3);
  });
});
