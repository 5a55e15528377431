import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { accessKey, hotelId, openHotel, toldOf, type Hotel } from './hotel.js';

let hub: TestHub;
const hotels: Hotel[] = [];
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(async () => {
  await hub.stop();
  await Promise.all(hotels.map(({ receiver }) => receiver.close()));
});

async function hotel(options: Parameters<typeof openHotel>[1] = {}): Promise<Hotel> {
  const opened = await openHotel(hub, options);
  hotels.push(opened);
  return opened;
}

test('C7, A30, A31, A38: one stay per request, with exactly the names and values of the interface', async () => {
  const { stay, run, receiver } = await hotel({ owner: { timeZone: 'Europe/Copenhagen' } });
  const number = await stay({
    guest: { name: 'Anna Maria Jensen', sex: 'FEMALE', email: 'anna@example.dk', language: 'da' },
    booking: { startsAt: '2026-05-01T13:00:00Z', endsAt: '2026-05-03T09:00:00Z' },
  });
  expect(await run()).toMatchObject({ sent: 1, failed: 0, skipped: 0, stopped: false, reason: null });
  expect(receiver.requests).toHaveLength(1);
  const [request] = receiver.requests;
  expect(request).toMatchObject({ method: 'POST', url: '/hook' });
  expect(request!.headers).toMatchObject({ 'x-ca-auth': accessKey, 'content-type': 'application/json' });
  expect(request!.headers['user-agent']).toMatch(/^stamdata\//);
  expect(request!.body).toBe(
    JSON.stringify({
      ...{ hotel_id: hotelId, reservation_number: number, name: 'Jensen', first_name: 'Anna' },
      ...{ email: 'anna@example.dk', gender: 'f', language: 'da', status: 'CHECKED_OUT' },
      ...{ arrival: '2026-05-01', departure: '2026-05-03' },
    }),
  );
});

test('A33: every sex has a value, the unknown one too', async () => {
  const { stay, run, receiver } = await hotel();
  const sexes = { MALE: 'm', FEMALE: 'f', UNKNOWN: 'u', NOT_APPLICABLE: 'u' };
  const expected = new Map<string, string>();
  for (const [sex, gender] of Object.entries(sexes)) expected.set(await stay({ guest: { sex } }), gender);
  await run();
  const told = receiver.requests.map(toldOf);
  expect(new Map(told.map(({ reservation_number, gender }) => [reservation_number, gender]))).toEqual(expected);
});

test('A32, A2: given names win, a name of several words gives both, a single word is the last name alone', async () => {
  const { stay, run, receiver } = await hotel();
  await stay({ guest: { name: 'Dr. Anna Jensen', firstName: 'Anne-Marie', lastName: 'von Jensen' } });
  await stay({ guest: { name: 'Anna Maria Jensen' } });
  await stay({ guest: { name: 'Madonna' } });
  await stay({ guest: { name: 'Ada', firstName: 'Augusta' } });
  expect(await run()).toMatchObject({ sent: 4 });
  expect(new Set(receiver.requests.map(toldOf).map(({ name, first_name }) => `${name}|${first_name}`))).toEqual(
    new Set(['von Jensen|Anne-Marie', 'Jensen|Anna', 'Madonna|', 'Ada|Augusta']),
  );
});

test('A38: dates are those of the owner, either side of midnight and of the change of the clocks', async () => {
  const { stay, run, receiver } = await hotel({ owner: { timeZone: 'Europe/Copenhagen' } });
  const nights: Record<string, [string, string, string, string]> = {};
  const add = async (startsAt: string, endsAt: string, arrival: string, departure: string) => {
    nights[await stay({ booking: { startsAt, endsAt } })] = [startsAt, endsAt, arrival, departure];
  };
  await add('2026-03-28T22:59:59Z', '2026-03-28T23:00:00Z', '2026-03-28', '2026-03-29');
  await add('2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z', '2026-03-29', '2026-03-30');
  await add('2026-10-24T21:59:59Z', '2026-10-24T22:00:00Z', '2026-10-24', '2026-10-25');
  await add('2026-10-25T22:59:59Z', '2026-10-25T23:00:00Z', '2026-10-25', '2026-10-26');
  await run();
  for (const told of receiver.requests.map(toldOf)) {
    const [, , arrival, departure] = nights[told.reservation_number]!;
    expect([told.arrival, told.departure], told.reservation_number).toEqual([arrival, departure]);
  }
  expect(receiver.requests).toHaveLength(4);
});

test('A38: the same in Sao Paulo, where the clocks change at midnight', async () => {
  const { stay, run, receiver } = await hotel({ owner: { timeZone: 'America/Sao_Paulo' } });
  await stay({ booking: { startsAt: '2018-11-04T02:59:59Z', endsAt: '2018-11-04T03:00:00Z' } }); // 23:59:59 → 01:00
  await stay({ booking: { startsAt: '2019-02-17T02:59:59Z', endsAt: '2019-02-17T03:00:00Z' } }); // 23:59:59 again → 00:00
  await run();
  const told = new Map(receiver.requests.map(toldOf).map((one) => [one.reservation_number, one]));
  expect(told.get('STAY-1')).toMatchObject({ arrival: '2018-11-03', departure: '2018-11-04' });
  expect(told.get('STAY-2')).toMatchObject({ arrival: '2019-02-16', departure: '2019-02-17' });
});

test('A38: the language of the stay, else of the guest, else of the owner', async () => {
  const { stay, run, receiver } = await hotel({ owner: { language: 'de' } });
  await stay({ guest: { language: 'DA' }, booking: { language: 'FI' } });
  await stay({ guest: { language: 'da' } });
  await stay();
  await run();
  const told = new Map(receiver.requests.map(toldOf).map((one) => [one.reservation_number, one.language]));
  expect(Object.fromEntries(told)).toEqual({ 'STAY-1': 'fi', 'STAY-2': 'da', 'STAY-3': 'de' });
});

test('C7: quotes, backslashes, emoji and right-to-left names of 100 characters arrive as they are', async () => {
  const { stay, run, receiver } = await hotel();
  const names = ['O"Brien\\', '😀🇩🇰', 'محمد', 'Ł'.repeat(97)];
  for (const name of names) await stay({ guest: { name: `A ${name}` } });
  expect(await run()).toMatchObject({ sent: names.length });
  expect(new Set(receiver.requests.map((request) => toldOf(request).name))).toEqual(new Set(names));
});

test('C8, A34: a success is an entry in the history that names the feed and nobody, and no event', async () => {
  const { stay, run, history, owner } = await hotel({ feed: { name: 'Seaside "reviews"' } });
  const number = await stay({ guest: { name: 'Petra Unmistakable', email: 'petra.unmistakable@example.org' } });
  const version = 'SELECT version, updated_at FROM customer WHERE owner_id = $1';
  const before = await hub.clone.sql(version, [owner.id]);
  await run();
  const entries = await history(number);
  expect(entries.at(-1)).toBe('sent guest feed Seaside "reviews" (CUSTOMER_ALLIANCE)');
  expect(entries.join()).not.toMatch(/nmistakable/);
  expect(await hub.clone.sql(version, [owner.id])).toEqual(before);
  const { customer } = await owner.gql<{ customer: { bookings: { nodes: { history: { event: string }[] }[] } } }>(
    '{ customer(by: { code: "G1" }) { bookings(first: 1) { nodes { history { event } } } } }',
  );
  expect(customer.bookings.nodes[0]!.history.at(-1)).toEqual({ event: 'sent' });
});

test('A34: a second run sends nothing, and neither does a change of the stay or of the guest', async () => {
  const { stay, run, change, numbers, history } = await hotel();
  const number = await stay();
  expect(await run()).toMatchObject({ sent: 1 });
  expect(await run()).toMatchObject({ sent: 0, failed: 0, skipped: 0, stopped: false, reason: null });
  await change(number, { guest: { email: 'other@example.org' }, booking: { service: 'Suite' } });
  await change(number, { booking: { status: 'CHECKED_IN' } });
  await change(number, { booking: { status: 'CHECKED_OUT' } });
  expect(await run()).toMatchObject({ sent: 0, skipped: 0 });
  expect(numbers()).toEqual([number]);
  expect((await history(number)).filter((entry) => entry.startsWith('sent'))).toHaveLength(1);
});

test('A34: only an explicit request sends again, once, and is a second entry in the history', async () => {
  const { stay, run, owner, feed, numbers, history, explain } = await hotel();
  const number = await stay();
  const untried = await stay({ booking: { notify: false } });
  await run();
  const again = async (bookingNumbers: string[]) =>
    (
      await owner.gql<{ resendGuestFeedStays: { bookingNumbers: string[]; userErrors: object[] } }>(
        `mutation ($id: ID!, $n: [String!]!) { resendGuestFeedStays(feedId: $id, bookingNumbers: $n) {
           bookingNumbers userErrors { field code } } }`,
        { id: feed.id, n: bookingNumbers },
      )
    ).resendGuestFeedStays;
  expect(await again([number, 'nobody'])).toEqual({
    bookingNumbers: [],
    userErrors: [{ field: 'bookingNumbers.1', code: 'NOT_FOUND' }],
  });
  expect((await explain(number)).willSend).toBe(false);
  expect(await again([untried, ` ${number} `, number])).toEqual({ bookingNumbers: [number], userErrors: [] });
  expect((await explain(number)).willSend).toBe(true);
  expect(await run()).toMatchObject({ sent: 1 });
  expect(await run()).toMatchObject({ sent: 0 });
  expect(numbers()).toEqual([number, number]);
  expect((await history(number)).filter((entry) => entry.startsWith('sent'))).toHaveLength(2);
  expect((await again(Array.from({ length: 1_001 }, () => number))).userErrors).toMatchObject([
    { code: 'LIMIT_EXCEEDED' },
  ]);
});

test('A34: the marker is per channel: a second feed of the owner sends the stay too, once', async () => {
  const first = await hotel();
  const number = await first.stay();
  await first.run();
  const answer = await first.owner.gql<{ createGuestFeed: { guestFeed: { id: string } } }>(
    'mutation ($input: GuestFeedInput!) { createGuestFeed(input: $input) { guestFeed { id } } }',
    { input: { name: 'Second', baseUrl: first.receiver.url, hotelId, accessKey, active: true, lookBackDays: 1 } },
  );
  const { id } = answer.createGuestFeed.guestFeed;
  const run = 'mutation ($id: ID!) { runGuestFeed(id: $id) { sent } }';
  expect(await first.owner.gql(run, { id })).toEqual({ runGuestFeed: { sent: 1 } });
  expect(await first.owner.gql(run, { id })).toEqual({ runGuestFeed: { sent: 0 } });
  expect(first.numbers()).toEqual([number, number]);
  expect((await first.history(number)).filter((entry) => entry.startsWith('sent'))).toHaveLength(2);
});
