import type { TestHub, TestOwner } from '../hub.js';

/** What recordOrders and recordBookings answer, with `recordId` for either id. */
export interface Recorded {
  dryRun: boolean;
  results: { index: number; number: string; action: string; customerId: string | null; recordId: string | null }[];
  errors: { index: number; errors: string[]; details: { code: string; field: string | null }[] }[];
  counts: { rows: number; created: number; updated: number; unchanged: number; rejected: number };
  userErrors: { code: string; field: string | null; message: string }[];
}

export type CallOptions = { dryRun?: boolean; errorPolicy?: string; idempotencyKey?: string };

export interface Desk {
  owner: TestOwner;
  /** Ids of customers by code. */
  ids: Record<string, string>;
  record: (rows: object[], options?: CallOptions) => Promise<Recorded>;
  snapshotOf: (code: string) => Promise<Record<string, unknown>>;
  /** What waits in the outbox since the last call, as `code reasons`. */
  events: () => Promise<string[]>;
}

/** An owner with customers, whose orders or bookings a test records over HTTP. The hub must not run the relay. */
export async function deskOf(
  hub: TestHub,
  kind: 'Orders' | 'Bookings',
  codes: string[],
  ownerInput: object = {},
): Promise<Desk> {
  const owner = await hub.owner(undefined, ownerInput);
  const made = await owner.gql<{ bulkInsertCustomers: { results: { code: string; customerId: string }[] } }>(
    `mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { results { code customerId } } }`,
    { input: { ownerCode: owner.code, customers: codes.map((code) => ({ code, name: `Customer ${code}` })) } },
  );
  const ids = Object.fromEntries(made.bulkInsertCustomers.results.map((row) => [row.code, row.customerId]));
  const events = async () => {
    const rows = await hub.clone.sql<{ event: string }>(
      `WITH seen AS (DELETE FROM outbox WHERE owner_id = $1 RETURNING id, customer_id, reasons)
       SELECT c.code || ' ' || array_to_string(seen.reasons, ',') AS event
       FROM seen JOIN customer c ON c.owner_id = $1 AND c.id = seen.customer_id ORDER BY seen.id`,
      [owner.id],
    );
    return rows.map((row) => row.event);
  };
  await events();
  return { owner, ids, record: (rows, options) => record(owner, kind, rows, options), snapshotOf, events };

  async function snapshotOf(code: string): Promise<Record<string, unknown>> {
    const { customer } = await owner.gql<{ customer: { snapshot: Record<string, unknown> } }>(
      `query ($code: String!) { customer(by: { code: $code }) { snapshot {
         version ordersTotalCount ordersTotalValue ordersTotalValueExVat ordersLastDate
         lastBooking { service } nextBooking { service } } } }`,
      { code },
    );
    return customer.snapshot;
  }
}

async function record(
  owner: TestOwner,
  kind: 'Orders' | 'Bookings',
  rows: object[],
  options: CallOptions = {},
): Promise<Recorded> {
  const id = kind === 'Orders' ? 'orderId' : 'bookingId';
  const answer = await owner.gql<Record<string, Recorded>>(
    `mutation ($input: Record${kind}Input!) { record${kind}(input: $input) {
       dryRun results { index number action customerId recordId: ${id} } errors { index errors details { code field } }
       counts { rows created updated unchanged rejected } userErrors { code field message } } }`,
    { input: { ownerCode: owner.code, ...options, [kind.toLowerCase()]: rows } },
  );
  return answer[`record${kind}`]!;
}
