import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { deskOf, type Desk } from '../order/recording.js';

let hub: TestHub;
let now: Date;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' }, clock: { at: () => now } });
});
beforeEach(() => {
  now = new Date('2026-05-10T12:00:00Z');
});
afterAll(() => hub.stop());

const booking = (number: string, given: object = {}) => ({
  customer: { code: 'A' },
  number,
  service: 'Double room',
  startsAt: '2026-05-20T14:00:00.000Z',
  endsAt: '2026-05-23T10:00:00.000Z',
  ...given,
});
const past = { startsAt: '2026-05-01T14:00:00.000Z', endsAt: '2026-05-04T10:00:00.000Z', service: 'Suite' };
const desk = (codes = ['A', 'B'], input: object = {}): Promise<Desk> => deskOf(hub, 'Bookings', codes, input);

interface Shown {
  id: string;
  number: string;
  status: string;
  language: string | null;
  notify: boolean;
  checkedOutAt: string | null;
  deletedAt: string | null;
  history: { at: string; event: string; detail: string | null }[];
}
async function bookingsOf({ owner }: Desk, code = 'A'): Promise<Shown[]> {
  const { customer } = await owner.gql<{ customer: { bookings: { totalCount: number; nodes: Shown[] } } }>(
    `query ($code: String!) { customer(by: { code: $code }) { bookings(first: 100) { totalCount nodes {
       id number status language notify checkedOutAt deletedAt history { at event detail } } } } }`,
    { code },
  );
  expect(customer.bookings.totalCount).toBe(customer.bookings.nodes.length);
  return customer.bookings.nodes;
}
const historyOf = async (at: Desk, code = 'A') =>
  (await bookingsOf(at, code)).map(({ history }) =>
    history.map(({ event, detail }) => (detail ? `${event}: ${detail}` : event)),
  );
const remove = async ({ owner }: Desk, number: string) => {
  const { deleteBooking } = await owner.gql<{
    deleteBooking: { deletedId: string | null; userErrors: { code: string }[] };
  }>('mutation ($number: String!) { deleteBooking(number: $number) { deletedId userErrors { code field } } }', {
    number,
  });
  return deleteBooking;
};

describe('upsert by number', () => {
  test('a new one is made, the same again changes nothing, another one changes it', async () => {
    const at = await desk();
    const created = await at.record([booking('1')]);
    expect(created).toMatchObject({ counts: { rows: 1, created: 1, rejected: 0 }, errors: [], userErrors: [] });
    expect(created.results).toMatchObject([{ index: 1, number: '1', action: 'CREATE', customerId: at.ids.A }]);
    expect(await at.events()).toEqual(['A BOOKING']);
    expect(await historyOf(at)).toEqual([['recorded: status BOOKED']]);

    const same = await at.record([booking('1')]);
    expect(same.results).toMatchObject([{ action: 'UNCHANGED', recordId: created.results[0]!.recordId }]);
    expect(await at.events()).toEqual([]);
    expect(await historyOf(at)).toEqual([['recorded: status BOOKED']]);
    expect(await at.snapshotOf('A')).toMatchObject({ version: 2, nextBooking: { service: 'Double room' } });

    const changed = await at.record([booking('1', { service: 'Suite', status: 'CONFIRMED', language: 'DE' })]);
    expect(changed.results).toMatchObject([{ action: 'UPDATE', recordId: created.results[0]!.recordId }]);
    expect(await at.events()).toEqual(['A BOOKING']);
    expect(await historyOf(at)).toEqual([
      [
        'recorded: status BOOKED',
        'changed: service Double room → Suite; status BOOKED → CONFIRMED; language none → de',
      ],
    ]);
  });

  test('a language that is left out stays, null clears it', async () => {
    const at = await desk();
    await at.record([booking('1', { language: 'da' })]);
    expect((await at.record([booking('1')])).results).toMatchObject([{ action: 'UNCHANGED' }]);
    expect((await at.record([booking('1', { language: null })])).results).toMatchObject([{ action: 'UPDATE' }]);
    expect(await bookingsOf(at)).toMatchObject([{ language: null }]);
  });

  test('a moved booking is an event of both customers; its history names them by id only', async () => {
    const at = await desk();
    await at.record([booking('1')]);
    await at.events();
    await at.record([booking('1', { customer: { code: 'B' } })]);
    expect((await at.events()).sort()).toEqual(['A BOOKING', 'B BOOKING']);
    expect(await at.snapshotOf('A')).toMatchObject({ nextBooking: null });
    expect(await at.snapshotOf('B')).toMatchObject({ nextBooking: { service: 'Double room' } });
    expect(await historyOf(at, 'B')).toEqual([
      ['recorded: status BOOKED', `changed: customer ${at.ids.A} → ${at.ids.B}`],
    ]);
  });
});

describe('C6, A36: the notification of the guest', () => {
  const setOwner = ({ owner }: Desk, notifyNewBookings: boolean) =>
    hub.request(
      'mutation ($input: OwnerInput!) { updateOwner(input: $input) { userErrors { code } } }',
      { input: { code: owner.code, notifyNewBookings } },
      { owner: owner.code },
    );

  test("a new booking copies the owner's setting; changing that alters no booking that is there", async () => {
    const at = await desk();
    await at.record([booking('1')]);
    expect((await setOwner(at, true)).errors).toBeUndefined();
    await at.record([booking('1', { service: 'Suite' }), booking('2')]);
    expect((await bookingsOf(at)).map(({ notify }) => notify)).toEqual([false, true]);
    await setOwner(at, false);
    await at.record([booking('2', { service: 'Suite' }), booking('3')]);
    expect((await bookingsOf(at)).map(({ notify }) => notify)).toEqual([false, true, false]);
  });

  test('what is given wins, and stays', async () => {
    const at = await desk(['A'], { notifyNewBookings: true });
    await at.record([booking('1', { notify: false }), booking('2', { notify: true }), booking('3')]);
    expect((await bookingsOf(at)).map(({ notify }) => notify)).toEqual([false, true, true]);
    expect((await at.record([booking('1'), booking('2'), booking('3')])).counts).toMatchObject({ unchanged: 3 });
    await at.record([booking('3', { notify: false })]);
    expect((await historyOf(at))[2]).toEqual(['recorded: status BOOKED', 'changed: notify true → false']);
  });
});

describe('checkedOutAt', () => {
  test('is the time at which the status became CHECKED_OUT, and stays', async () => {
    const at = await desk();
    await at.record([booking('1', { ...past, status: 'CHECKED_IN' })]);
    expect(await bookingsOf(at)).toMatchObject([{ checkedOutAt: null }]);
    await at.record([booking('1', { ...past, status: 'CHECKED_OUT' })]);
    now = new Date('2026-05-11T12:00:00Z');
    expect((await at.record([booking('1', { ...past, status: 'CHECKED_OUT' })])).results).toMatchObject([
      { action: 'UNCHANGED' },
    ]);
    await at.record([booking('1', { ...past, status: 'CHECKED_OUT', service: 'Single' })]);
    expect(await bookingsOf(at)).toMatchObject([{ checkedOutAt: '2026-05-10T12:00:00.000Z' }]);
    expect(await historyOf(at)).toEqual([
      [
        'recorded: status CHECKED_IN',
        'checked-out: status CHECKED_IN → CHECKED_OUT',
        'changed: service Suite → Single',
      ],
    ]);
  });

  test('is what was given, and may be corrected', async () => {
    const at = await desk();
    const left = { ...past, status: 'CHECKED_OUT', checkedOutAt: '2026-05-04T09:30:00.000Z' };
    await at.record([booking('1', left)]);
    expect(await bookingsOf(at)).toMatchObject([{ checkedOutAt: '2026-05-04T09:30:00.000Z' }]);
    await at.record([booking('1', { ...left, checkedOutAt: '2026-05-04T09:45:00.000Z' })]);
    expect(await historyOf(at)).toEqual([
      [
        'recorded: status CHECKED_OUT',
        'checked-out',
        'changed: checkedOutAt 2026-05-04T09:30:00.000Z → 2026-05-04T09:45:00.000Z',
      ],
    ]);
  });

  test('goes with the status, and comes anew', async () => {
    const at = await desk();
    await at.record([booking('1', { ...past, status: 'CHECKED_OUT' })]);
    await at.record([booking('1', { ...past, status: 'CHECKED_IN' })]);
    expect(await bookingsOf(at)).toMatchObject([{ checkedOutAt: null }]);
    now = new Date('2026-05-12T08:00:00Z');
    await at.record([booking('1', { ...past, status: 'CHECKED_OUT' })]);
    expect(await bookingsOf(at)).toMatchObject([{ checkedOutAt: '2026-05-12T08:00:00.000Z' }]);
  });
});

describe('A59: cancelled and deleted bookings count neither as last nor as next', () => {
  test('CANCELLED does not, NO_SHOW does', async () => {
    const at = await desk();
    await at.record([booking('1'), booking('2', { ...past, status: 'NO_SHOW' })]);
    expect(await at.snapshotOf('A')).toMatchObject({
      lastBooking: { service: 'Suite' },
      nextBooking: { service: 'Double room' },
    });
    await at.record([booking('1', { status: 'CANCELLED' }), booking('2', { ...past, status: 'CANCELLED' })]);
    expect(await at.snapshotOf('A')).toMatchObject({ lastBooking: null, nextBooking: null });
    expect((await historyOf(at))[0]).toEqual(['recorded: status BOOKED', 'cancelled: status BOOKED → CANCELLED']);
  });

  test('a deleted one is gone from the snapshot but not from the list; recording it again restores it', async () => {
    const at = await desk();
    const { results } = await at.record([booking('1')]);
    await at.events();
    expect(await remove(at, ' 1 ')).toEqual({ deletedId: results[0]!.recordId, userErrors: [] });
    expect(await at.events()).toEqual(['A BOOKING']);
    expect(await at.snapshotOf('A')).toMatchObject({ version: 3, nextBooking: null });
    expect(await bookingsOf(at)).toMatchObject([{ deletedAt: '2026-05-10T12:00:00.000Z' }]);

    expect((await at.record([booking('1')])).results).toMatchObject([
      { action: 'UPDATE', recordId: results[0]!.recordId },
    ]);
    expect(await at.events()).toEqual(['A BOOKING']);
    expect(await at.snapshotOf('A')).toMatchObject({ version: 4, nextBooking: { service: 'Double room' } });
    expect(await bookingsOf(at)).toMatchObject([{ deletedAt: null }]);
    expect(await historyOf(at)).toEqual([['recorded: status BOOKED', 'deleted', 'restored']]);
  });

  test('deleting what is unknown, deleted already, or no text at all', async () => {
    const at = await desk();
    await at.record([booking('1')]);
    await remove(at, '1');
    await at.events();
    for (const number of ['1', '2', 'a\0b'])
      expect(await remove(at, number)).toEqual({
        deletedId: null,
        userErrors: [{ code: 'NOT_FOUND', field: 'number' }],
      });
    expect(await at.events()).toEqual([]);
    expect(await historyOf(at)).toEqual([['recorded: status BOOKED', 'deleted']]);
  });

  test('deleting twice at once: one does it', async () => {
    const at = await desk();
    await at.record([booking('1')]);
    const answers = await Promise.all([1, 2, 3, 4].map(() => remove(at, '1')));
    expect(answers.filter(({ deletedId }) => deletedId !== null)).toHaveLength(1);
    expect(answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(Array(3).fill('NOT_FOUND'));
    expect(await historyOf(at)).toEqual([['recorded: status BOOKED', 'deleted']]);
  });

  test('the booking of an excluded customer is EXCLUDED, as one to record is', async () => {
    const at = await desk();
    await at.record([booking('1')]);
    await at.owner.gql(
      'mutation ($id: ID) { setCustomerExcluded(customer: { id: $id }, excluded: true) { userErrors { code } } }',
      {
        id: at.ids.A,
      },
    );
    expect(await remove(at, '1')).toMatchObject({ deletedId: null, userErrors: [{ code: 'EXCLUDED' }] });
    expect((await at.record([booking('1')])).errors).toMatchObject([
      { details: [{ code: 'EXCLUDED', field: 'customer' }] },
    ]);
  });
});

describe('the batch', () => {
  test('A15: nothing that is wrong with one row touches another; the first of one number wins', async () => {
    const at = await desk();
    const { results, errors } = await at.record([
      booking('1', { endsAt: '2026-05-01T00:00:00Z' }),
      booking('1'),
      booking('1', { service: 'Suite' }),
      booking('2', { customer: { external: { system: 'WOOCOMMERCE', identifier: 'nobody' } }, language: 'xx' }),
      booking('3', { customer: { code: 'b' } }),
    ]);
    expect(results.map(({ action }) => action)).toEqual(['REJECT', 'CREATE', 'REJECT', 'REJECT', 'CREATE']);
    expect(errors.map(({ index, errors: messages }) => [index, messages])).toEqual([
      [1, ['invalid endsAt (before startsAt)']],
      [3, ['invalid number (sent twice)']],
      [4, ['invalid customer (no such customer)', 'invalid language']],
    ]);
    expect(await historyOf(at)).toEqual([['recorded: status BOOKED']]);
  });

  test('A57: a dry run tells all and leaves nothing, no history either', async () => {
    const at = await desk();
    await at.record([booking('1')]);
    await at.events();
    const dry = await at.record([booking('1', { status: 'CHECKED_OUT' }), booking('2')], { dryRun: true });
    expect(dry).toMatchObject({ dryRun: true, counts: { updated: 1, created: 1 } });
    expect(dry.results[1]).toMatchObject({ action: 'CREATE', recordId: null });
    expect(await at.events()).toEqual([]);
    expect(await historyOf(at)).toEqual([['recorded: status BOOKED']]);
  });

  test('REJECT_EVERYTHING, an idempotency key, no rows and 10,001', async () => {
    const at = await desk();
    const refused = await at.record([booking('1'), booking(' ')], { errorPolicy: 'REJECT_EVERYTHING' });
    expect(refused).toMatchObject({ counts: { rows: 2, created: 0, rejected: 2 }, errors: [{ index: 2 }] });
    expect(await bookingsOf(at)).toEqual([]);
    const first = await at.record([booking('1')], { idempotencyKey: 'k' });
    expect(await at.record([booking('1')], { idempotencyKey: 'k' })).toEqual(first);
    expect((await at.record([booking('2')], { idempotencyKey: 'k' })).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
    expect((await at.record([])).userErrors).toMatchObject([{ code: 'REQUIRED', field: 'bookings' }]);
    const { userErrors } = await at.record(Array.from({ length: 10_001 }, (_, i) => booking(String(i))));
    expect(userErrors).toMatchObject([{ code: 'LIMIT_EXCEEDED', field: 'bookings' }]);
  });

  test('batches over the same customers in opposite orders all succeed', async () => {
    const codes = Array.from({ length: 40 }, (_, i) => `C${i}`);
    const at = await desk(codes);
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) =>
        at.record(
          (i % 2 === 0 ? codes : codes.toReversed()).map((code) => booking(`${name}-${code}`, { customer: { code } })),
        ),
      ),
    );
    expect(answers.map(({ counts }) => counts.created)).toEqual(Array(6).fill(40));
  });

  test('a key without bookings:write is refused', async () => {
    const { owner } = await desk();
    const key = await owner.newKey(['customers:read', 'orders:write']);
    const input = { ownerCode: owner.code, bookings: [booking('1')] };
    const recorded = await hub.request(
      'mutation ($input: RecordBookingsInput!) { recordBookings(input: $input) { dryRun } }',
      { input },
      { key },
    );
    expect(recorded.errors?.map((error) => error.extensions.code)).toEqual(['FORBIDDEN']);
    const removed = await hub.request('mutation { deleteBooking(number: "1") { deletedId } }', {}, { key });
    expect(removed.errors?.map((error) => error.extensions.code)).toEqual(['FORBIDDEN']);
  });
});
