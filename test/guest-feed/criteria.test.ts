import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { movableClock } from '../snapshot/guest-book.js';
import { openHotel, runFeed, createFeed, hotelId, accessKey, type Explanation, type Hotel } from './hotel.js';

const clock = movableClock('2026-06-10T12:00:00Z');
let hub: TestHub;
const hotels: Hotel[] = [];
beforeAll(async () => {
  hub = await startTestHub({ clock });
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

const broken = ({ rules }: Explanation): string[] => rules.filter(({ holds }) => !holds).map(({ rule }) => rule);

const switches = [
  { guestFeedsActive: true, active: true },
  { guestFeedsActive: true, active: false },
  { guestFeedsActive: false, active: true },
  { guestFeedsActive: false, active: false },
];
const truthTable = [true, false].flatMap((checkedOut) =>
  [true, false].flatMap((reachable) => [true, false].map((notify) => ({ checkedOut, reachable, notify }))),
);

describe.each(switches)(
  'C3: with guestFeedsActive $guestFeedsActive and active $active',
  ({ guestFeedsActive, active }) => {
    let open: Hotel;
    const numbers = new Map<(typeof truthTable)[number], string>();
    beforeAll(async () => {
      open = await hotel({ owner: { guestFeedsActive }, feed: { active } });
      for (const row of truthTable) {
        const booking = { status: row.checkedOut ? 'CHECKED_OUT' : 'CHECKED_IN', notify: row.notify };
        numbers.set(row, await open.stay({ guest: row.reachable ? {} : { email: null }, booking }));
      }
    });

    test.each(truthTable)(
      'C5, C9: checked out $checkedOut, e-mail $reachable, notification $notify: the verdicts say so',
      async (row) => {
        const explanation = await open.explain(numbers.get(row)!);
        const wrong = {
          ownerSwitch: !guestFeedsActive,
          feedSwitch: !active,
          checkedOut: !row.checkedOut,
          email: !row.reachable,
          notification: !row.notify,
          // a stay that never ended, or a feed that never began
          checkedOutSinceActivation: !row.checkedOut || !active,
        };
        const expected = Object.entries(wrong).flatMap(([rule, breaks]) => (breaks ? [rule] : []));
        expect(broken(explanation).sort()).toEqual(expected.sort());
        expect(explanation.willSend).toBe(expected.length === 0);
        expect(explanation.lastAttempt).toBeNull();
        expect(explanation.nextRunAt !== null).toBe(guestFeedsActive && active);
      },
    );

    test('C3, C5: the run sends exactly the stays of which every verdict holds, and says why it sends none', async () => {
      const run = await open.run();
      const on = guestFeedsActive && active;
      const sendable = truthTable.filter((row) => row.checkedOut && row.reachable && row.notify);
      expect(open.numbers()).toEqual(on ? sendable.map((row) => numbers.get(row)) : []);
      const skipped = truthTable.filter((row) => row.checkedOut && !(row.reachable && row.notify)).length;
      expect(run).toMatchObject({ sent: on ? 1 : 0, failed: 0, skipped: on ? skipped : 0, stopped: !on });
      const why = !guestFeedsActive ? /guestFeedsActive/ : /this feed is switched off/;
      if (on) expect(run.reason).toBeNull();
      else expect(run.reason).toMatch(why);
      const { runs, nextRunAt } = await open.read();
      expect(runs).toEqual([run]);
      expect(nextRunAt !== null).toBe(on);
    });
  },
);

test('A32: a guest whose last name is blank is held back, one without a first name is not', async () => {
  const { stay, explain, run, numbers, owner } = await hotel();
  const blank = await stay({ guest: { lastName: 'Blank' } });
  const noFirst = await stay({ guest: { name: 'Cher' } });
  await hub.clone.sql(
    `UPDATE customer_snapshot SET body = body || '{"lastName": "  "}' WHERE owner_id = $1 AND body ->> 'lastName' = 'Blank'`,
    [owner.id],
  );
  expect(broken(await explain(blank))).toEqual(['lastName']);
  expect(await run()).toMatchObject({ sent: 1, skipped: 1 });
  expect(numbers()).toEqual([noFirst]);
});

test('C6, A36: the setting is copied into new stays; changing it alters no stay that is there', async () => {
  const { stay, settings, explain, run, change, numbers } = await hotel({ owner: { notifyNewBookings: false } });
  const before = await stay();
  await settings({ notifyNewBookings: true });
  const after = await stay();
  await settings({ notifyNewBookings: false });
  expect(broken(await explain(before))).toEqual(['notification']);
  expect(broken(await explain(after))).toEqual([]);
  expect(await run()).toMatchObject({ sent: 1, skipped: 1 });
  await change(before, { booking: { notify: true } });
  expect(await run()).toMatchObject({ sent: 1, skipped: 0 });
  expect(numbers()).toEqual([after, before]);
});

test('A39: marketing consent is no criterion: neither is it needed, nor does withdrawing it hold a stay back', async () => {
  const { stay, run, numbers, owner } = await hotel();
  const never = await stay();
  const given = await stay({ guest: { acceptsMarketingEmail: true } });
  const withdrawn = await stay({ guest: { acceptsMarketingEmail: true } });
  await owner.gql(
    'mutation { setMarketingConsent(customer: { code: "G3" }, input: { channel: EMAIL, accepted: false }) { userErrors { code } } }',
  );
  expect(await run()).toMatchObject({ sent: 3, skipped: 0 });
  expect(numbers().sort()).toEqual([never, given, withdrawn].sort());
});

test('A44: the stays of an excluded customer are never sent, and are again once that is lifted', async () => {
  const { stay, explain, run, numbers, owner } = await hotel();
  const number = await stay();
  const exclude = (excluded: boolean) =>
    hub.request(
      'mutation ($e: Boolean!) { setCustomerExcluded(customer: { code: "G1" }, excluded: $e) { userErrors { code } } }',
      { e: excluded },
      { owner: owner.code },
    );
  await exclude(true);
  expect(broken(await explain(number))).toEqual(['customerNotExcluded']);
  expect(await run()).toMatchObject({ sent: 0, skipped: 1 });
  await exclude(false);
  expect(await run()).toMatchObject({ sent: 1 });
  expect(numbers()).toEqual([number]);
});

test('C5: cancelled stays, no-shows and deleted ones are not sent, whatever their check-out says', async () => {
  const { stay, explain, run, numbers, owner } = await hotel();
  const checkedOutAt = '2026-06-10T13:00:00Z';
  for (const status of ['CANCELLED', 'NO_SHOW', 'BOOKED', 'CONFIRMED', 'CHECKED_IN'])
    expect(broken(await explain(await stay({ booking: { status, checkedOutAt } })))).toEqual(['checkedOut']);
  const deleted = await stay();
  await owner.gql('mutation ($n: String!) { deleteBooking(number: $n) { deletedId } }', { n: deleted });
  expect(await explain(deleted)).toMatchObject({
    willSend: false,
    rules: expect.arrayContaining([{ rule: 'checkedOut', value: 'CHECKED_OUT, deleted', holds: false }]) as object[],
  });
  expect(await run()).toMatchObject({ sent: 0, failed: 0 });
  expect(numbers()).toEqual([]);
});

test('A37: only stays checked out at or after the activation, to the millisecond', async () => {
  const { stay, explain, run, numbers } = await hotel();
  const before = await stay({ booking: { checkedOutAt: '2026-06-10T11:59:59.999Z' } });
  const at = await stay({ booking: { checkedOutAt: '2026-06-10T12:00:00.000Z' } });
  expect(broken(await explain(before))).toEqual(['checkedOutSinceActivation']);
  expect(broken(await explain(at))).toEqual([]);
  expect(await run()).toMatchObject({ sent: 1, skipped: 0 });
  expect(numbers()).toEqual([at]);
});

test('A37: looking back counts from the beginning of a local day, so many days before the activation', async () => {
  const { owner, stay, receiver } = await hotel({ owner: { timeZone: 'America/Sao_Paulo' }, feed: { active: false } });
  await stay({ booking: { checkedOutAt: '2026-06-08T02:59:59.999Z' } });
  const first = await stay({ booking: { checkedOutAt: '2026-06-08T03:00:00Z' } }); // midnight there
  const { guestFeed } = await createFeed(owner, {
    ...{ name: 'Back', baseUrl: receiver.url, hotelId, accessKey, active: true, lookBackDays: 2 },
  });
  expect(await runFeed(owner, guestFeed!.id)).toMatchObject({ sent: 1 });
  expect(receiver.requests.map(({ body }) => (JSON.parse(body) as Record<string, string>).reservation_number)).toEqual([
    first,
  ]);
});

test('A37: switching off and on again is a new activation; saving while it is on is none', async () => {
  const { stay, update, run, numbers, feed } = await hotel();
  expect(feed.activatedAt).toBe('2026-06-10T12:00:00.000Z');
  const early = await stay({ booking: { checkedOutAt: '2026-06-10T12:00:01Z' } });
  clock.moveTo('2026-06-10T18:00:00Z'); // before the night's run, which would send it
  expect((await update({ active: true })).guestFeed?.activatedAt).toBe('2026-06-10T12:00:00.000Z');
  expect((await update({ active: false })).guestFeed).toMatchObject({ active: false, nextRunAt: null });
  expect((await update({})).guestFeed?.active).toBe(false);
  expect((await update({ active: true })).guestFeed?.activatedAt).toBe('2026-06-10T18:00:00.000Z');
  const late = await stay({ booking: { checkedOutAt: '2026-06-10T18:00:00Z' } });
  await run();
  expect(numbers()).toEqual([late]);
  await update({ lookBackDays: 1 });
  await run();
  expect(numbers()).toEqual([late, early]);
});
