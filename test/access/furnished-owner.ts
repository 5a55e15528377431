import { scopes } from '../../src/access/scope.js';
import { settled } from '../faults/settled.js';
import { endOfFeed, type TestHub, type TestOwner } from '../hub.js';
import type { Names } from './names.js';

export interface FurnishedOwner extends Names {
  owner: TestOwner;
  /** A key with every scope, admin too. */
  key: string;
}

/** An owner with a row of every kind, so that nothing which leaks can hide in an empty table. */
export async function furnishedOwner(
  hub: TestHub,
  word: string,
  { ownerCode, receiver = 'https://example.org' }: { ownerCode?: string; receiver?: string } = {},
): Promise<FurnishedOwner> {
  const owner = await hub.owner(ownerCode);
  const key = await owner.newKey([...scopes]);
  const [{ id: keyId } = { id: '' }] = await hub.clone.sql<{ id: string }>(
    'SELECT id FROM api_key WHERE public_id = $1',
    [key.split('_')[2]],
  );
  const code = `CODE-${word}`;
  const booking = `STAY-${word}`;
  const cursor = await endOfFeed(owner);
  const identifier = `PAIR-${word}`;
  const { bulkInsertCustomers } = await owner.gql<{
    bulkInsertCustomers: { results: { customerId: string }[]; errors: object[] };
  }>(
    `mutation ($input: BulkInsertCustomersInput!) {
      bulkInsertCustomers(input: $input) { results { customerId } errors { errors } } }`,
    {
      input: {
        ownerCode: owner.code,
        idempotencyKey: `rows of ${word}`,
        customers: [
          {
            ...{
              code,
              name: `Name ${word}`,
              email: `${word}@example.org`,
              acceptsMarketingEmail: true,
              tags: [`tag ${word}`],
            },
            externalReferences: [{ system: 'WOOCOMMERCE', identifier }],
            adminUser: { name: word, email: `${word}@example.org`, login: word, password: 'secret-8' },
          },
        ],
      },
    },
  );
  const customer = bulkInsertCustomers.results[0]?.customerId;
  if (!customer) throw new Error(JSON.stringify(bulkInsertCustomers));
  await settledFeed(hub, owner); // so that the endpoint below always begins at the same event
  const by = { id: customer };
  const made = await owner.gql<{
    createContactInfo: { contactInfo: { id: string } };
    createWebhookEndpoint: { webhookEndpoint: { id: string } };
    recordOrders: { errors: object[] };
    recordBookings: { errors: object[] };
  }>(
    `mutation ($by: CustomerIdentifierInput!, $orders: RecordOrdersInput!, $bookings: RecordBookingsInput!) {
      createWebhookEndpoint(input: { url: "${receiver}/", active: false, headers: [{ name: "x-of", value: "${owner.code}" }] }) { webhookEndpoint { id } }
      createContactInfo(customer: $by, input: { kind: EMAIL, value: "two@example.org" }) { contactInfo { id } }
      recordOrders(input: $orders) { errors { errors } }
      recordBookings(input: $bookings) { errors { errors } }
    }`,
    {
      by,
      orders: { ownerCode: owner.code, orders: [orderOf(by, `ORDER-${word}`)] },
      bookings: { ownerCode: owner.code, bookings: [bookingOf(by, booking)] },
    },
  );
  if (made.recordOrders.errors.length + made.recordBookings.errors.length > 0) throw new Error(JSON.stringify(made));
  const endpoint = made.createWebhookEndpoint.webhookEndpoint.id;
  await failedDelivery(hub, owner.id, endpoint, customer);
  const replay = await waitingReplay(owner, endpoint);
  const bulkOperation = await rehearsedImport(hub, owner);
  const guestFeed = await quietFeed(hub, owner, booking, receiver);
  const { tags } = await owner.gql<{ tags: { id: string }[] }>('{ tags { id } }');
  const contactInfo = made.createContactInfo.contactInfo.id;
  await settledFeed(hub, owner);
  return {
    owner,
    key,
    keyId,
    customer,
    code,
    contactInfo,
    tag: tags[0]!.id,
    endpoint,
    booking,
    guestFeed,
    replay,
    bulkOperation,
    identifier,
    cursor,
    ...{ ownerCode: owner.code, receiver },
  };
}

export const orderOf = (customer: object, number: string) => ({
  ...{ customer, number, channel: 'POS', kind: 'RECEIPT', orderedAt: '2026-01-05T10:00:00Z' },
  lines: [{ quantity: '1', unitPrice: '10', vatRate: '25' }],
});

export const bookingOf = (customer: object, number: string) => ({
  ...{ customer, number, service: 'A room', startsAt: '2026-02-01T14:00:00Z', endsAt: '2026-02-03T10:00:00Z' },
});

/** What the dispatcher leaves behind, of an endpoint that fails too; its own tests show that it does. */
async function failedDelivery(hub: TestHub, ownerId: string, endpointId: string, customerId: string): Promise<void> {
  const ids = [ownerId, endpointId, customerId];
  await hub.clone.sql(
    `INSERT INTO webhook_parked (owner_id, endpoint_id, customer_id, first_pos, last_pos, attempt, state) VALUES ($1, $2, $3, 1, 1, 1, 'DEAD')`,
    ids,
  );
  await hub.clone.sql(
    `INSERT INTO webhook_attempt (owner_id, endpoint_id, customer_id, webhook_id, attempt, state, duration_ms)
     VALUES ($1, $2, $3, 'evt_x', 1, 'DEAD', 5)`,
    ids,
  );
  await hub.clone.sql(
    `INSERT INTO webhook_last_body (owner_id, endpoint_id, customer_id, webhook_id, body, sent_at) VALUES ($1, $2, $3, 'evt_w', '{}', now())`,
    ids,
  );
  await hub.clone.sql(
    `INSERT INTO webhook_notice (owner_id, endpoint_id, about_id, type, body, created_at, next_at)
     VALUES ($1, $2, 1, 'webhook.endpoint.failing', '{}', now(), now())`,
    ids.slice(0, 2),
  );
  await hub.clone.sql(
    `INSERT INTO webhook_tally (owner_id, endpoint_id, shard, hour, succeeded, failed) VALUES ($1, $2, 0, now(), 1, 1)`,
    ids.slice(0, 2),
  );
  await hub.clone.sql('INSERT INTO webhook_told (owner_id, endpoint_id, customer_id) VALUES ($1, $2, $3)', ids);
}

/** An import that wrote nothing, and what it kept of its row. */
async function rehearsedImport(hub: TestHub, owner: TestOwner): Promise<string> {
  const response = await fetch(`${hub.url}/import/customers?dryRun=true&owner=${owner.code}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${owner.key}`, 'content-type': 'text/csv' },
    body: 'code,name\nnobody,Nobody\n',
  });
  return ((await response.json()) as { operationId: string }).operationId;
}

/** A replay of the endpoint, which waits because that is off. */
async function waitingReplay(owner: TestOwner, endpointId: string): Promise<string> {
  const { replayDeliveries } = await owner.gql<{ replayDeliveries: { replay: { id: string } } }>(
    'mutation ($input: ReplayDeliveriesInput!) { replayDeliveries(input: $input) { replay { id } } }',
    { input: { endpointId, currentState: true } },
  );
  return replayDeliveries.replay.id;
}

/** A guest feed that is off, with a run that sent nothing for that reason, and the mark of a stay as a run leaves it. */
async function quietFeed(hub: TestHub, owner: TestOwner, booking: string, receiver: string): Promise<string> {
  const input = { name: 'Reviews', baseUrl: `${receiver}/feed`, hotelId: 'H', accessKey: 'K' };
  const { createGuestFeed } = await owner.gql<{ createGuestFeed: { guestFeed: { id: string } } }>(
    'mutation ($input: GuestFeedInput!) { createGuestFeed(input: $input) { guestFeed { id } } }',
    { input },
  );
  const { id } = createGuestFeed.guestFeed;
  const { runGuestFeed } = await owner.gql<{ runGuestFeed: { id: string } }>(
    'mutation ($id: ID!) { runGuestFeed(id: $id) { id } }',
    { id },
  );
  await hub.clone.sql(
    `INSERT INTO guest_feed_stay (owner_id, feed_id, booking_id, state, run_id, attempts, attempted_at, fingerprint)
     SELECT owner_id, $2, id, 'FAILED', $3, 1, now(), '' FROM booking WHERE owner_id = $1 AND number = $4`,
    [owner.id, id, runGuestFeed.id, booking],
  );
  return id;
}

/** Once the machines have done what the owner's writes left to them: relay and password hashes. */
async function settledFeed(hub: TestHub, owner: TestOwner): Promise<void> {
  await settled(async () => {
    const left = await hub.clone.sql(
      `SELECT FROM outbox WHERE owner_id = $1
       UNION ALL SELECT FROM customer_user WHERE owner_id = $1 AND password_sealed IS NOT NULL`,
      [owner.id],
    );
    return left.length === 0;
  });
}
