import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customerDesk, faults, type Payload } from '../customer/customer-desk.js';
import { blockedIn, holdRows } from '../faults/held-rows.js';
import { randomCode, startTestHub, type TestHub } from '../hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const fields = 'code name timeZone currency language enabledVatStatuses notifyNewBookings guestFeedsActive';
type OwnerPayload = Payload<{ owner: Record<string, unknown> | null }>;

async function write(mutation: 'createOwner' | 'updateOwner', input: object): Promise<OwnerPayload> {
  const { data, errors } = await hub.request<Record<string, OwnerPayload>>(
    `mutation ($input: OwnerInput!) { ${mutation}(input: $input) { owner { ${fields} } userErrors { code field message existingId } } }`,
    { input },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data[mutation]!;
}

describe('settings', () => {
  test('A62, A60, A45: what is not given has its default, what is given its canonical form', async () => {
    const [plain, set] = [randomCode(), randomCode()];
    const bare = await write('createOwner', { code: plain });
    expect(bare.owner).toMatchObject({
      code: plain,
      name: plain,
      timeZone: 'UTC',
      currency: 'EUR',
      language: 'en',
      notifyNewBookings: false,
      guestFeedsActive: false,
    });
    expect(bare.owner!.enabledVatStatuses).toHaveLength(7);
    const given = { name: ' Ærø Færge ', timeZone: 'europe/copenhagen', currency: 'dkk', language: 'DA' };
    const more = { enabledVatStatuses: ['DOMESTIC', 'DOMESTIC'], notifyNewBookings: true, guestFeedsActive: true };
    const { owner } = await write('createOwner', { code: set, ...given, ...more });
    expect(owner).toEqual({
      ...{ code: set, name: 'Ærø Færge', timeZone: 'Europe/Copenhagen', currency: 'DKK', language: 'da' },
      ...{ enabledVatStatuses: ['DOMESTIC'], notifyNewBookings: true, guestFeedsActive: true },
    });
  });

  test('N1: a code is 3 to 12 letters or digits, taken in any case; all problems are told at once', async () => {
    const code = randomCode();
    await write('createOwner', { code });
    expect((await write('createOwner', { code: code.toLowerCase() })).userErrors).toMatchObject([
      { code: 'TAKEN', field: 'code', existingId: null },
    ]);
    const wrong: [object, string[]][] = [
      [{ code: '' }, ['REQUIRED code']],
      [{ code: 'ab' }, ['TOO_SHORT code']],
      [{ code: 'x'.repeat(13) }, ['TOO_LONG code']],
      [{ code: 'Ærø' }, ['INVALID code']],
      [{ code: "a'; --" }, ['INVALID code']],
      [
        { code: 'NEW1', name: 'x'.repeat(101), timeZone: 'Mars/Olympus', currency: 'ZZZ', language: 'eng' },
        ['TOO_LONG name', 'INVALID timeZone', 'INVALID currency', 'TOO_LONG language'],
      ],
      [{ code: 'NEW1', timeZone: '+02:00' }, ['INVALID timeZone']],
      [{ code: 'NEW1', name: 'nul \0' }, ['INVALID name']],
    ];
    for (const [input, expected] of wrong) expect(faults(await write('createOwner', input))).toEqual(expected);
    expect(faults(await write('createOwner', { code: 'NEW1' }))).toEqual([]);
  });

  test('A62: every zone that is taken is one that the database knows, or each write of that owner would fail', async () => {
    const code = randomCode();
    await write('createOwner', { code });
    const zones = [
      'UTC',
      'GMT',
      'Etc/GMT+5',
      'EST5EDT',
      'Europe/Kyiv',
      'Asia/Calcutta',
      'SystemV/PST8',
      'EST',
      'PST',
      'JST',
    ];
    for (const timeZone of zones) {
      const { owner, userErrors } = await write('updateOwner', { code, timeZone });
      if (owner) await hub.clone.sql('SELECT now() AT TIME ZONE $1', [owner.timeZone]);
      else expect(faults({ userErrors })).toEqual(['INVALID timeZone']);
    }
  });

  test('an update changes what is given, null and blank leave it as it is, and picks the owner by its code', async () => {
    const [code, other] = [randomCode(), randomCode()];
    await write('createOwner', { code, name: 'First', timeZone: 'Europe/Rome', notifyNewBookings: true });
    await write('createOwner', { code: other, name: 'Other' });
    const input = { code: code.toLowerCase(), name: 'Second', timeZone: null, currency: '', notifyNewBookings: null };
    const { owner } = await write('updateOwner', input);
    expect(owner).toMatchObject({
      code,
      name: 'Second',
      timeZone: 'Europe/Rome',
      currency: 'EUR',
      notifyNewBookings: true,
    });
    expect(await write('updateOwner', { code: other })).toMatchObject({ owner: { name: 'Other' }, userErrors: [] });
  });

  test('settings are for admin, and a new owner for the key that covers every owner', async () => {
    const { owner } = await customerDesk(hub);
    const ownAdmin = await owner.newKey(['admin', 'customers:read']);
    const update = `mutation ($code: String!) { updateOwner(input: { code: $code, name: "N" }) { owner { name } } }`;
    const create = `mutation ($code: String!) { createOwner(input: { code: $code }) { owner { name } } }`;
    const refused: [string, string, string][] = [
      [update, owner.key, owner.code],
      [update, ownAdmin, (await hub.owner()).code],
      [update, ownAdmin, 'NOBODY'],
      [create, ownAdmin, randomCode()],
    ];
    for (const [query, key, code] of refused) {
      const { errors } = await hub.request(query, { code }, { key });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    const done = await hub.request(update, { code: owner.code }, { key: ownAdmin });
    expect(done.data).toEqual({ updateOwner: { owner: { name: 'N' } } });
  });
});

describe('what a setting changes for customers', () => {
  const late = '2026-03-01T23:30:00Z'; // 2 March in Helsinki

  async function desk() {
    const opened = await customerDesk(hub);
    for (const code of ['ORDERED', 'BOOKED', 'POS', 'NEITHER']) await opened.create({ code, name: code });
    const { owner } = opened;
    const amounts = { totalValue: '12.50', totalValueExVat: '10.00', orderedAt: late };
    const orders = [
      { customer: { code: 'ORDERED' }, channel: 'ONLINE', kind: 'ONLINE_ORDER', number: '1', paid: true, ...amounts },
      { customer: { code: 'POS' }, channel: 'POS', kind: 'RECEIPT', number: '1', ...amounts },
    ];
    const booking = { customer: { code: 'BOOKED' }, number: 'b', service: 'Room', startsAt: late, endsAt: late };
    const record = async (name: string, input: object) => {
      const answer = await owner.gql<Record<string, { errors: object[] }>>(
        `mutation ($input: ${name}Input!) { r: r${name.slice(1)}(input: $input) { errors { errors } } }`,
        { input: { ownerCode: owner.code, ...input } },
      );
      expect(answer.r!.errors).toEqual([]);
    };
    return { ...opened, record, orders, booking };
  }

  test('A62: another time zone recomputes those whose snapshot has a day in it, each with an event', async () => {
    const { owner, events, find, record, orders, booking } = await desk();
    await record('RecordOrders', { orders });
    await record('RecordBookings', { bookings: [booking] });
    await events();
    expect(await find({ code: 'ORDERED' }, 'snapshot { ordersLastDate }')).toMatchObject({
      snapshot: { ordersLastDate: '2026-03-01' },
    });
    await write('updateOwner', { code: owner.code, timeZone: 'Europe/Helsinki' });
    expect((await events()).sort()).toEqual(['BOOKED CLOCK', 'ORDERED CLOCK']);
    expect(await find({ code: 'ORDERED' }, 'snapshot { ordersLastDate version }')).toMatchObject({
      version: 3,
      snapshot: { ordersLastDate: '2026-03-02', version: 3 },
    });
    expect(await find({ code: 'BOOKED' }, 'snapshot { lastBooking { date } }')).toMatchObject({
      snapshot: { lastBooking: { date: '2026-03-02' } },
    });
    await write('updateOwner', { code: owner.code, timeZone: 'europe/helsinki', name: 'Renamed' });
    expect(await events()).toEqual([]);
  });

  test('A62: a booking in the middle of its transaction goes by the zone it is stored under', async () => {
    const { owner, find, record, booking, events } = await desk();
    await events();
    const row = `SELECT FROM customer_snapshot s JOIN customer c ON c.id = s.customer_id
      WHERE c.owner_id = ${owner.id} AND c.code = 'BOOKED' FOR UPDATE OF s`;
    const held = await holdRows(hub.clone.connection, row);
    const recorded = record('RecordBookings', { bookings: [booking] });
    await blockedIn(hub.clone.sql, 'storeSnapshot'); // computed with the old zone, not committed
    const moved = write('updateOwner', { code: owner.code, timeZone: 'Europe/Helsinki' });
    await blockedIn(hub.clone.sql, 'changeSettings');
    await held.release();
    await Promise.all([recorded, moved]);
    expect(await find({ code: 'BOOKED' }, 'snapshot { lastBooking { date } }')).toMatchObject({
      snapshot: { lastBooking: { date: '2026-03-02' } },
    });
    expect(await events()).toEqual(['BOOKED BOOKING', 'BOOKED CLOCK']);
  });

  test('A60: the currency can change until there is an order, with an event for everybody who shows it', async () => {
    const { owner, events, find, record, orders } = await desk();
    await events();
    await write('updateOwner', { code: owner.code, currency: 'dkk' });
    expect((await events()).sort()).toEqual(['BOOKED UPDATED', 'NEITHER UPDATED', 'ORDERED UPDATED', 'POS UPDATED']);
    expect(await find({ code: 'NEITHER' }, 'snapshot { currency }')).toMatchObject({ snapshot: { currency: 'DKK' } });
    await record('RecordOrders', { orders });
    await events();
    const refused = await write('updateOwner', {
      code: owner.code,
      currency: 'EUR',
      timeZone: 'Europe/Rome',
      name: 'New',
    });
    expect(faults(refused)).toEqual(['INVALID currency']);
    expect(await events()).toEqual([]);
    const { owner: after } = await owner.gql<{ owner: object }>(`{ owner { ${fields} } }`);
    expect(after).toMatchObject({ name: owner.code, timeZone: 'UTC', currency: 'DKK' });
    expect(faults(await write('updateOwner', { code: owner.code, currency: 'DKK' }))).toEqual([]);
  });
});
