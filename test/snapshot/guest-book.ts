import type { TestHub, TestOwner } from '../hub.js';

export interface Guest {
  id: string;
  code: string;
}

/** What `snapshot` shows of a customer, everything (G5–G31). */
export interface Shown {
  customerId: string;
  code: string;
  version: number;
  computedAt: string;
  name: string;
  firstName: string;
  lastName: string;
  sex: string;
  birthDate: { year: number | null; month: number | null; day: number | null } | null;
  email: string | null;
  mobile: string | null;
  postalCode: string | null;
  ordersTotalCount: number;
  ordersTotalValue: string;
  ordersTotalValueExVat: string;
  currency: string;
  ordersLastDate: string | null;
  lastBooking: ShownBooking | null;
  nextBooking: ShownBooking | null;
  acceptsMarketingEmail: boolean;
  acceptsMarketingSms: boolean;
  tags: { id: string; name: string; value: boolean }[];
}

export interface ShownBooking {
  bookingId: string;
  date: string;
  startsAt: string;
  service: string;
}

export const everyField = `customerId code version computedAt name firstName lastName sex birthDate { year month day }
  email mobile postalCode ordersTotalCount ordersTotalValue ordersTotalValueExVat currency ordersLastDate
  lastBooking { bookingId date startsAt service } nextBooking { bookingId date startsAt service }
  acceptsMarketingEmail acceptsMarketingSms tags { id name value }`;

export interface GuestBook {
  owner: TestOwner;
  /** A new customer; its code and name are made up unless given. */
  guest: (input?: object) => Promise<Guest>;
  change: (guest: Guest, input: object) => Promise<void>;
  orders: (guest: Guest, orders: object[]) => Promise<void>;
  bookings: (guest: Guest, bookings: object[]) => Promise<void>;
  /** One booking of an hour under a number of its own; its id. */
  booking: (guest: Guest, startsAt: string, extra?: object) => Promise<string>;
  snapshot: (guest: Guest) => Promise<Shown>;
}

/** An owner with what a test needs to fill a customer's picture and look at it, all over HTTP. */
export async function guestBook(hub: TestHub, settings: object = {}): Promise<GuestBook> {
  const owner = await hub.owner(undefined, settings);
  let made = 0;
  const guest = async (input: object = {}) => {
    const code = `G${++made}`;
    const { createCustomer } = await owner.gql<{ createCustomer: { customer: Guest | null; userErrors: object[] } }>(
      'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id code } userErrors { message } } }',
      { input: { code, name: `Guest ${made}`, ...input } },
    );
    if (!createCustomer.customer) throw new Error(JSON.stringify(createCustomer.userErrors));
    return createCustomer.customer;
  };
  const change = async ({ id }: Guest, input: object) => {
    const { updateCustomer } = await owner.gql<{ updateCustomer: { userErrors: object[] } }>(
      'mutation ($id: ID!, $input: UpdateCustomerInput!) { updateCustomer(by: { id: $id }, input: $input) { userErrors { message } } }',
      { id, input },
    );
    if (updateCustomer.userErrors.length > 0) throw new Error(JSON.stringify(updateCustomer.userErrors));
  };
  const record = async (noun: 'Orders' | 'Bookings', { id }: Guest, rows: object[]) => {
    const given = rows.map((row) => ({ customer: { id }, number: `N${++made}`, ...row }));
    const answer = await owner.gql<Record<string, Recorded>>(
      `mutation ($input: Record${noun}Input!) { record${noun}(input: $input) {
         results { recordId: ${noun === 'Orders' ? 'orderId' : 'bookingId'} } errors { errors } userErrors { message } } }`,
      { input: { ownerCode: owner.code, [noun.toLowerCase()]: given } },
    );
    const { results, errors, userErrors } = answer[`record${noun}`]!;
    if (errors.length + userErrors.length > 0) throw new Error(JSON.stringify({ errors, userErrors }));
    return results.map(({ recordId }) => recordId);
  };
  const bookings = (of: Guest, rows: object[]) =>
    record(
      'Bookings',
      of,
      rows.map((row) => ({ service: 'Stay', ...row })),
    );
  const booking = async (of: Guest, startsAt: string, extra: object = {}) => {
    const endsAt = new Date(Date.parse(startsAt) + 3_600_000).toISOString();
    const [bookingId] = await bookings(of, [{ startsAt, endsAt, ...extra }]);
    return bookingId!;
  };
  const snapshot = async ({ id }: Guest) => {
    const answer = await owner.gql<{ customer: { snapshot: Shown } }>(
      `query ($id: ID!) { customer(by: { id: $id }) { snapshot { ${everyField} } } }`,
      { id },
    );
    return answer.customer.snapshot;
  };
  return {
    owner,
    guest,
    change,
    orders: async (of, rows) => void (await record('Orders', of, rows)),
    bookings: async (of, rows) => void (await bookings(of, rows)),
    booking,
    snapshot,
  };
}

interface Recorded {
  results: { recordId: string }[];
  errors: object[];
  userErrors: object[];
}

/** A clock that stands where it was put. */
export function movableClock(start: string) {
  let now = new Date(start);
  return { at: () => now, moveTo: (to: string) => void (now = new Date(to)) };
}
