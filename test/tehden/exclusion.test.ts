import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { customerDesk, faults, identifier, type CustomerDesk } from '../customer/customer-desk.js';
import { codesOf, search } from '../customer/where-desk.js';
import { adminKey, endOfFeed, follow, startTestHub, type TestHub } from '../hub.js';
import { dataOf, startReceiver, type Receiver } from '../webhook/receiver.js';

let hub: TestHub;
let desk: CustomerDesk;
let receiver: Receiver;
let id: string;
let names: { infoId: string; tagId: string };
/** A cursor from before the exclusion. */
let before: string;
const pair = { system: '6', identifier: 'w-1' };
const gone: [string, unknown] = [identifier, { code: 'GONE' }];

/** A customer with one of everything, that a subscriber and a webhook know, is excluded by a key without admin. */
beforeAll(async () => {
  hub = await startTestHub();
  desk = await customerDesk(hub);
  receiver = await startReceiver();
  const { owner, create, run } = desk;
  await owner.gql(
    'mutation ($url: String!) { createWebhookEndpoint(input: { url: $url }) { userErrors { message } } }',
    { url: receiver.url },
  );
  await create({ code: 'OPEN', name: 'Open' });
  const made = await create(
    {
      code: 'GONE',
      name: 'Gone',
      city: 'Turku',
      tags: ['VIP'],
      externalReferences: [pair],
      acceptsMarketingEmail: true,
    },
    'tags { id }',
  );
  id = made.customer!.id;
  const info = await run<{ contactInfo: { id: string } }>(
    'createContactInfo',
    { customer: gone, input: ['ContactInfoInput!', { kind: 'EMAIL', value: 'gone@x.example' }] },
    'contactInfo { id }',
  );
  names = { infoId: info.contactInfo.id, tagId: (made.customer!.tags as { id: string }[])[0]!.id };
  await vi.waitFor(async () => expect(await feed(null)).toHaveLength(3), { timeout: 10_000 });
  before = await endOfFeed(owner);
});
afterAll(async () => {
  await receiver.close();
  await hub.stop();
});

interface Event {
  customerId: string;
  reasons: string[];
  snapshot: { name: string } | null;
}
const fields = 'customerId reasons snapshot { name }';
const feed = async (after: string | null): Promise<Event[]> =>
  (
    await desk.owner.gql<{ customerEvents: { nodes: Event[] } }>(
      `query ($after: String) { customerEvents(after: $after, first: 100) { nodes { ${fields} } } }`,
      { after },
    )
  ).customerEvents.nodes;

const ofGone = (event: Event): boolean => event.customerId === id;

test('T3: a customer is excluded by one call; subscribers and webhooks hear that it is gone, and nothing of it any more', async () => {
  const subscription = follow<{ customerSnapshots: Event }>(
    hub.subscriber(desk.owner.key),
    `subscription ($after: String) { customerSnapshots(after: $after) { ${fields} } }`,
    { after: before },
  );
  const first = subscription.next();
  expect(await desk.exclude('GONE')).toEqual({ customer: null, userErrors: [] });
  const tombstone = { customerId: id, reasons: ['EXCLUDED'], snapshot: null };
  expect((await first).customerSnapshots).toEqual(tombstone);
  await receiver.until((requests) => requests.map(dataOf).some(({ reasons }) => reasons.includes('EXCLUDED')));
  const last = receiver.requests.at(-1)!;
  expect(dataOf(last)).toMatchObject(tombstone);
  expect(last.body).not.toContain('Gone');

  // what an admin does to it reaches nobody: the next thing that anybody hears is about another customer
  await asAdmin(
    'mutation { updateCustomer(by: { code: "GONE" }, input: { name: "Gone for good" }) { customer { id } } }',
  );
  const next = subscription.next();
  await desk.update({ code: 'OPEN' }, { city: 'Turku' });
  expect((await next).customerSnapshots).toMatchObject({ reasons: ['UPDATED'], snapshot: { name: 'Open' } });
  await receiver.until((requests) => dataOf(requests.at(-1)!).snapshot?.name === 'Open');
  expect(receiver.requests.filter(({ body }) => body.includes('for good'))).toEqual([]);
  await subscription.end();
});

test('A44: the feed that is pulled has the exclusion without a snapshot, and no snapshot in what came before', async () => {
  const events = (await feed(null)).filter(ofGone);
  expect(events.at(-1)).toMatchObject({ reasons: ['EXCLUDED'], snapshot: null });
  expect(events.length).toBeGreaterThan(1);
  expect(events.filter(({ snapshot }) => snapshot !== null)).toEqual([]);
});

test('A44: neither look-up, nor list, nor search, nor count shows it', async () => {
  const { find, owner } = desk;
  for (const by of [{ id }, { code: 'gone' }, { external: pair }]) expect(await find(by)).toBeNull();
  const searches = [
    ...[null, {}, { city: { eq: 'turku' } }, { tag: { name: 'VIP' } }, { externalReference: pair }],
    ...[
      { acceptsMarketingEmail: true },
      { contactInfo: 'gone@x.example' },
      { id: { eq: id } },
      { excluded: { eq: true } },
    ],
  ];
  for (const where of searches) {
    const page = await search(owner, { first: 100, where });
    expect(codesOf(page).filter((code) => code === 'GONE')).toEqual([]);
    expect(page.totalCount).toBe(page.nodes.length);
  }
});

test('A44: every write about it is refused as EXCLUDED to a key without admin, and changes nothing', async () => {
  const email = { kind: 'EMAIL', value: 'x@x.example' };
  const { infoId, tagId } = names;
  const writes: [string, Record<string, [string, unknown]>, string][] = [
    ['updateCustomer', { by: gone, input: ['UpdateCustomerInput!', { name: 'Back' }] }, 'customer { id }'],
    ['setVatStatus', { customer: gone, status: ['VatStatus!', 'OUTSIDE_EU'] }, 'customer { id }'],
    [
      'setMarketingConsent',
      { customer: gone, input: ['ConsentInput!', { channel: 'SMS', accepted: true }] },
      'customer { id }',
    ],
    ['setCustomerExcluded', { customer: gone, excluded: ['Boolean!', true] }, 'customer { id }'],
    [
      'linkExternalSystem',
      { customer: gone, reference: ['ExternalReferenceInput!', { system: '5', identifier: 'm' }] },
      'customer { id }',
    ],
    ['unlinkExternalSystem', { customer: gone, system: ['String!', '6'] }, 'customer { id }'],
    ['createContactInfo', { customer: gone, input: ['ContactInfoInput!', email] }, 'contactInfo { id }'],
    ['updateContactInfo', { id: ['ID!', infoId], input: ['ContactInfoInput!', email] }, 'contactInfo { id }'],
    ['deleteContactInfo', { id: ['ID!', infoId] }, 'deletedId'],
    ['tagCustomers', { tagId: ['ID!', tagId], customerIds: ['[ID!]!', [id]] }, 'changed'],
    ['untagCustomers', { tagId: ['ID!', tagId], customerIds: ['[ID!]!', [id]] }, 'changed'],
  ];
  const stored = await asAdmin<object>(shownToAdmin);
  for (const [name, args, selection] of writes)
    expect([name, ...faults(await desk.run(name, args, selection)).map((fault) => fault.split(' ')[0])]).toEqual([
      name,
      'EXCLUDED',
    ]);
  const rows = await desk.owner.gql<Record<string, { errors: { details: { code: string }[] }[] }>>(
    `mutation ($orders: RecordOrdersInput!, $bookings: RecordBookingsInput!) {
      recordOrders(input: $orders) { errors { details { code } } }
      recordBookings(input: $bookings) { errors { details { code } } }
    }`,
    {
      orders: { ownerCode: desk.owner.code, orders: [{ customer: { id }, ...order }] },
      bookings: { ownerCode: desk.owner.code, bookings: [{ customer: { external: pair }, ...booking }] },
    },
  );
  for (const { errors } of Object.values(rows)) expect(errors).toEqual([{ details: [{ code: 'EXCLUDED' }] }]);
  expect(await asAdmin<object>(shownToAdmin)).toEqual(stored);
});

test('A44: its number and its pair stay taken, by one call or in bulk, without a word about whose they are', async () => {
  const taken = [{ code: 'TAKEN', existingId: null }];
  expect((await desk.create({ code: 'gone', name: 'N' })).userErrors).toMatchObject(taken);
  expect((await desk.create({ code: 'N', name: 'N', externalReferences: [pair] })).userErrors).toMatchObject(taken);
  const { bulkInsertCustomers } = await desk.owner.gql<{ bulkInsertCustomers: { errors: object[] } }>(
    `mutation ($input: BulkInsertCustomersInput!) {
      bulkInsertCustomers(input: $input) { errors { details { code existingId } } } }`,
    {
      input: {
        ownerCode: desk.owner.code,
        customers: [
          { code: 'GONE', name: 'N' },
          { code: 'M', name: 'M', externalReferences: [pair] },
        ],
      },
    },
  );
  expect(bulkInsertCustomers.errors).toEqual([{ details: taken }, { details: taken }]);
});

test('A44: a key with admin sees it all, and it alone lifts the exclusion; then everybody has it again', async () => {
  const lift = 'mutation { setCustomerExcluded(customer: { code: "GONE" }, excluded: false) { customer { name } } }';
  const refused = await hub.request(lift, {}, { key: desk.owner.key });
  expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(await asAdmin(shownToAdmin)).toMatchObject({ customer: { excluded: true, name: 'Gone for good' } });
  expect(await asAdmin(lift)).toMatchObject({ setCustomerExcluded: { customer: { name: 'Gone for good' } } });
  expect(await desk.find({ external: pair })).toMatchObject({ id });
  await receiver.until((requests) => dataOf(requests.at(-1)!).snapshot?.name === 'Gone for good');
  expect((await feed(before)).filter(ofGone).at(-1)).toMatchObject({
    reasons: ['INCLUDED'],
    snapshot: { name: 'Gone for good' },
  });
});

const shownToAdmin = `{ customer(by: { code: "GONE" }) { version name vatStatus excluded tags { id } consents { channel accepted }
  externalReferences { identifier } contactInfos { value } snapshot { version } } }`;

async function asAdmin<Data>(query: string): Promise<Data> {
  const { data, errors } = await hub.request<Data>(query, {}, { key: adminKey, owner: desk.owner.code });
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const order = {
  ...{ channel: 'POS', kind: 'RECEIPT', number: 'R-1', orderedAt: '2026-01-05T10:00:00Z' },
  lines: [{ quantity: '1', unitPrice: '10', vatRate: '24' }],
};
const booking = { number: 'B-1', service: 'Sauna', startsAt: '2026-02-01T14:00:00Z', endsAt: '2026-02-01T16:00:00Z' };
