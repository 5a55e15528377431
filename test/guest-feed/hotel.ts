import type { TestHub, TestOwner } from '../hub.js';
import { answering, startReceiver, type Received, type Receiver } from '../webhook/receiver.js';

export interface Run {
  id: string;
  startedAt: string;
  finishedAt: string | null;
  sent: number;
  failed: number;
  skipped: number;
  stopped: boolean;
  reason: string | null;
}

export interface Feed {
  id: string;
  name: string;
  kind: string;
  baseUrl: string;
  schedule: string;
  active: boolean;
  stoppedReason: string | null;
  lookBackDays: number;
  activatedAt: string | null;
  nextRunAt: string | null;
  hotelIdSet: boolean;
  accessKeySet: boolean;
}

export interface Explanation {
  willSend: boolean;
  rules: { rule: string; value: string; holds: boolean }[];
  lastAttempt: { at: string; status: number | null; error: string | null } | null;
  nextRunAt: string | null;
}

export interface UserErrors {
  field: string | null;
  code: string;
  message: string;
}

/** What Customer Alliance is sent of a stay. */
export type Told = Record<
  | 'hotel_id'
  | 'reservation_number'
  | 'name'
  | 'first_name'
  | 'email'
  | 'gender'
  | 'language'
  | 'status'
  | 'arrival'
  | 'departure',
  string
>;

export const toldOf = (request: Received): Told => JSON.parse(request.body) as Told;

export const hotelId = 'HOTEL-4711-hush';
export const accessKey = 'ak_7f3c-very-secret';

const runFields = 'id startedAt finishedAt sent failed skipped stopped reason';
const feedFields =
  'id name kind baseUrl schedule active stoppedReason lookBackDays activatedAt nextRunAt hotelIdSet accessKeySet';

/** A hotel: an owner with one active feed to a receiver that plays Customer Alliance, all over HTTP. */
export interface Hotel {
  owner: TestOwner;
  receiver: Receiver;
  feed: Feed;
  /** A guest with one stay, checked out now, whose guest may be notified; its number. */
  stay: (input?: { guest?: object; booking?: object }) => Promise<string>;
  /** So many stays of one guest, in one call; every tenth without notification when `mixed`. */
  stays: (count: number, options?: { mixed: boolean }) => Promise<void>;
  /** The same again with other words. */
  change: (number: string, input: { guest?: object; booking?: object }) => Promise<void>;
  run: () => Promise<Run>;
  explain: (number: string) => Promise<Explanation>;
  /** `event detail` of the entries in a stay's history. */
  history: (number: string) => Promise<string[]>;
  /** Numbers of the stays that were received, in order. */
  numbers: () => string[];
  update: (input: object) => Promise<{ guestFeed: Feed | null; userErrors: UserErrors[] }>;
  read: () => Promise<Feed & { runs: Run[] }>;
  switchOwner: (guestFeedsActive: boolean) => Promise<void>;
  settings: (input: object) => Promise<void>;
}

export async function openHotel(
  hub: TestHub,
  options: { owner?: object; feed?: object; receiver?: Receiver } = {},
): Promise<Hotel> {
  const owner = await hub.owner(undefined, { guestFeedsActive: true, notifyNewBookings: true, ...options.owner });
  const receiver = options.receiver ?? (await startReceiver(answering(200, '{"ok":true}')));
  const account = { name: 'Reviews', baseUrl: receiver.url, hotelId, accessKey };
  const made = await createFeed(owner, { ...account, active: true, ...options.feed });
  if (!made.guestFeed) throw new Error(JSON.stringify(made.userErrors));
  const feed = made.guestFeed;
  const guests = new Map<string, { guest: string; booking: object }>();
  let count = 0;

  const record = async (number: string, guest: string, booking: object) => {
    const { recordBookings } = await owner.gql<{ recordBookings: { errors: object[]; userErrors: object[] } }>(
      `mutation ($input: RecordBookingsInput!) { recordBookings(input: $input) { errors { errors } userErrors { message } } }`,
      { input: { ownerCode: owner.code, bookings: [{ ...booking, number, customer: { id: guest } }] } },
    );
    if (recordBookings.errors.length + recordBookings.userErrors.length > 0)
      throw new Error(JSON.stringify(recordBookings));
    guests.set(number, { guest, booking });
  };

  const stay: Hotel['stay'] = async ({ guest = {}, booking = {} } = {}) => {
    const n = ++count;
    const { createCustomer } = await owner.gql<{
      createCustomer: { customer: { id: string } | null; userErrors: object[] };
    }>(
      'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } userErrors { message } } }',
      { input: { code: `G${n}`, name: `Anna Maria Guest${n}`, email: `guest${n}@example.org`, ...guest } },
    );
    if (!createCustomer.customer) throw new Error(JSON.stringify(createCustomer.userErrors));
    const nights = { startsAt: '2026-05-01T13:00:00Z', endsAt: '2026-05-03T09:00:00Z' };
    const number = `STAY-${n}`;
    await record(number, createCustomer.customer.id, { service: 'Room', status: 'CHECKED_OUT', ...nights, ...booking });
    return number;
  };

  const stays: Hotel['stays'] = async (many, { mixed } = { mixed: false }) => {
    await stay();
    const { guest, booking } = guests.get(`STAY-${count}`)!;
    const bookings = Array.from({ length: many - 1 }, (_, i) => ({
      ...{ ...booking, number: `MANY-${i}`, customer: { id: guest }, notify: !mixed || i % 10 !== 0 },
    }));
    await owner.gql('mutation ($input: RecordBookingsInput!) { recordBookings(input: $input) { errors { errors } } }', {
      input: { ownerCode: owner.code, bookings },
    });
  };

  const change: Hotel['change'] = async (number, { guest, booking }) => {
    const known = guests.get(number)!;
    if (booking) await record(number, known.guest, { ...known.booking, ...booking });
    if (!guest) return;
    const { updateCustomer } = await owner.gql<{ updateCustomer: { userErrors: object[] } }>(
      'mutation ($id: ID!, $input: UpdateCustomerInput!) { updateCustomer(by: { id: $id }, input: $input) { userErrors { message } } }',
      { id: known.guest, input: guest },
    );
    if (updateCustomer.userErrors.length > 0) throw new Error(JSON.stringify(updateCustomer.userErrors));
  };

  const settings = async (input: object) => {
    const answer = await hub.request<{ updateOwner: { userErrors: object[] } }>(
      'mutation ($input: OwnerInput!) { updateOwner(input: $input) { userErrors { message } } }',
      { input: { code: owner.code, ...input } },
    );
    if (answer.data.updateOwner.userErrors.length > 0) throw new Error(JSON.stringify(answer));
  };

  return {
    ...{ owner, receiver, feed, stay, stays, change, settings },
    run: () => runFeed(owner, feed.id),
    explain: async (bookingNumber) =>
      (
        await owner.gql<{ explainGuestFeed: Explanation }>(
          `query ($feedId: ID!, $bookingNumber: String!) { explainGuestFeed(feedId: $feedId, bookingNumber: $bookingNumber) {
             willSend rules { rule value holds } lastAttempt { at status error } nextRunAt } }`,
          { feedId: feed.id, bookingNumber },
        )
      ).explainGuestFeed,
    history: async (number) =>
      (
        await hub.clone.sql<{ text: string }>(
          `SELECT concat_ws(' ', h.event, h.detail) AS text FROM booking_history h
           JOIN booking b ON b.owner_id = h.owner_id AND b.id = h.booking_id
           WHERE b.owner_id = $1 AND b.number = $2 ORDER BY h.id`,
          [owner.id, number],
        )
      ).map(({ text }) => text),
    numbers: () => receiver.requests.map((request) => toldOf(request).reservation_number),
    update: (input) =>
      updateFeed(owner, feed.id, { name: 'Reviews', baseUrl: receiver.url, hotelId: '', accessKey: '', ...input }),
    read: async () => {
      const answer = await owner.gql<{ guestFeeds: (Feed & { runs: Run[] })[] }>(
        `{ guestFeeds { ${feedFields} runs(first: 20) { ${runFields} } } }`,
      );
      return answer.guestFeeds.find(({ id }) => id === feed.id)!;
    },
    switchOwner: (guestFeedsActive) => settings({ guestFeedsActive }),
  };
}

export async function createFeed(
  owner: TestOwner,
  input: object,
): Promise<{ guestFeed: Feed | null; userErrors: UserErrors[] }> {
  const answer = await owner.gql<{ createGuestFeed: { guestFeed: Feed | null; userErrors: UserErrors[] } }>(
    `mutation ($input: GuestFeedInput!) { createGuestFeed(input: $input) {
       guestFeed { ${feedFields} } userErrors { field code message } } }`,
    { input },
  );
  return answer.createGuestFeed;
}

export async function updateFeed(
  owner: TestOwner,
  id: string,
  input: object,
): Promise<{ guestFeed: Feed | null; userErrors: UserErrors[] }> {
  const answer = await owner.gql<{ updateGuestFeed: { guestFeed: Feed | null; userErrors: UserErrors[] } }>(
    `mutation ($id: ID!, $input: GuestFeedInput!) { updateGuestFeed(id: $id, input: $input) {
       guestFeed { ${feedFields} } userErrors { field code message } } }`,
    { id, input },
  );
  return answer.updateGuestFeed;
}

export async function runFeed(owner: TestOwner, id: string): Promise<Run> {
  const answer = await owner.gql<{ runGuestFeed: Run }>(
    `mutation ($id: ID!) { runGuestFeed(id: $id) { ${runFields} } }`,
    { id },
  );
  return answer.runGuestFeed;
}

/** Polls until `read` gives something truthy. */
export async function eventually<T>(read: () => Promise<T | undefined | false | null>, patienceMs = 6_000): Promise<T> {
  for (const deadline = Date.now() + patienceMs; ;) {
    const found = await read();
    if (found) return found;
    if (Date.now() > deadline) throw new Error('it did not come to pass');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
