import { afterAll, beforeAll, expect, test } from 'vitest';
import { scopes, type Scope } from '../../src/access/scope.js';
import { createSchema } from '../../src/schema.js';
import { follow, startTestHub, type TestHub, type TestOwner } from '../hub.js';

const by = '{ id: "1" }';
const record = (rows: string) => `input: { ownerCode: "%OWNER", ${rows}: [] }`;

/** Every field of the schema: the scope it needs, and how it is called. A field without a line here fails the first test. */
const table: Record<string, [Scope | null, string]> = {
  viewer: [null, '{ viewer { name } }'],
  owner: ['customers:read', '{ owner { id } }'],
  customer: ['customers:read', `{ customer(by: ${by}) { id } }`],
  customers: ['customers:read', '{ customers(first: 1) { nodes { id } } }'],
  externalSystems: ['customers:read', '{ externalSystems { id } }'],
  tags: ['customers:read', '{ tags { id } }'],
  customerEvents: ['changes:read', '{ customerEvents { nodes { cursor } } }'],
  feedCursor: ['changes:read', '{ feedCursor }'],
  webhookEndpoints: ['webhooks:manage', '{ webhookEndpoints { id } }'],
  previewWebhook: ['webhooks:manage', `{ previewWebhook(template: "{}", customer: ${by}) { body } }`],
  deliveries: ['webhooks:manage', '{ deliveries(first: 1) { nodes { id } } }'],
  webhookParked: ['webhooks:manage', '{ webhookParked(endpointId: "1", first: 1) { nodes { customerId } } }'],
  explainDelivery: ['webhooks:manage', '{ explainDelivery(endpointId: "1", customerId: "1") { willSend } }'],
  webhookReplay: ['webhooks:manage', '{ webhookReplay(id: "1") { id } }'],
  webhookReplays: ['webhooks:manage', '{ webhookReplays(first: 1) { nodes { id } } }'],
  auditLog: ['admin', '{ auditLog(first: 1) { nodes { id } } }'],
  apiKeys: ['admin', '{ apiKeys { id } }'],
  createCustomer: ['customers:write', 'mutation { createCustomer(input: { code: "", name: "" }) { customer { id } } }'],
  updateCustomer: ['customers:write', `mutation { updateCustomer(by: ${by}, input: {}) { customer { id } } }`],
  createContactInfo: [
    'customers:write',
    `mutation { createContactInfo(customer: ${by}, input: { kind: FAX }) { contactInfo { id } } }`,
  ],
  updateContactInfo: [
    'customers:write',
    'mutation { updateContactInfo(id: "1", input: { kind: FAX }) { contactInfo { id } } }',
  ],
  deleteContactInfo: ['customers:write', 'mutation { deleteContactInfo(id: "1") { deletedId } }'],
  linkExternalSystem: [
    'customers:write',
    `mutation { linkExternalSystem(customer: ${by}, reference: { system: "1", identifier: "1" }) { customer { id } } }`,
  ],
  unlinkExternalSystem: [
    'customers:write',
    `mutation { unlinkExternalSystem(customer: ${by}, system: "1") { customer { id } } }`,
  ],
  setMarketingConsent: [
    'customers:write',
    `mutation { setMarketingConsent(customer: ${by}, input: { channel: SMS, accepted: true }) { customer { id } } }`,
  ],
  setVatStatus: ['customers:write', `mutation { setVatStatus(customer: ${by}, status: DOMESTIC) { customer { id } } }`],
  setCustomerExcluded: [
    'customers:write',
    `mutation { setCustomerExcluded(customer: ${by}, excluded: true) { customer { id } } }`,
  ],
  createTag: ['customers:write', 'mutation { createTag(name: "") { tag { id } } }'],
  renameTag: ['customers:write', 'mutation { renameTag(id: "1", name: "x") { tag { id } } }'],
  deleteTag: ['customers:write', 'mutation { deleteTag(id: "1") { deletedId } }'],
  tagCustomers: ['customers:write', 'mutation { tagCustomers(tagId: "1", customerIds: ["1"]) { changed } }'],
  untagCustomers: ['customers:write', 'mutation { untagCustomers(tagId: "1", customerIds: ["1"]) { changed } }'],
  createExternalSystem: [
    'customers:write',
    'mutation { createExternalSystem(code: "", name: "") { externalSystem { id } } }',
  ],
  bulkInsertCustomers: ['customers:bulk', `mutation { bulkInsertCustomers(${record('customers')}) { dryRun } }`],
  bulkUpdateCustomers: ['customers:bulk', `mutation { bulkUpdateCustomers(${record('rows')}) { dryRun } }`],
  bulkOperation: ['customers:bulk', '{ bulkOperation(id: "1") { id } }'],
  bulkOperations: ['customers:bulk', '{ bulkOperations(first: 1) { nodes { id } } }'],
  cancelBulkOperation: ['customers:bulk', 'mutation { cancelBulkOperation(id: "1") { bulkOperation { id } } }'],
  recordOrders: ['orders:write', `mutation { recordOrders(${record('orders')}) { dryRun } }`],
  recordBookings: ['bookings:write', `mutation { recordBookings(${record('bookings')}) { dryRun } }`],
  deleteBooking: ['bookings:write', 'mutation { deleteBooking(number: "none") { deletedId } }'],
  createWebhookEndpoint: [
    'webhooks:manage',
    'mutation { createWebhookEndpoint(input: { url: "nowhere" }) { webhookEndpoint { id } } }',
  ],
  updateWebhookEndpoint: [
    'webhooks:manage',
    'mutation { updateWebhookEndpoint(id: "1", input: { url: "nowhere" }) { webhookEndpoint { id } } }',
  ],
  deleteWebhookEndpoint: ['webhooks:manage', 'mutation { deleteWebhookEndpoint(id: "1") { deletedId } }'],
  rotateWebhookSecret: ['webhooks:manage', 'mutation { rotateWebhookSecret(id: "1") { secret } }'],
  skipDeadDelivery: [
    'webhooks:manage',
    'mutation { skipDeadDelivery(endpointId: "1", customerId: "1") { waitingEvents } }',
  ],
  sendTestWebhook: ['webhooks:manage', 'mutation { sendTestWebhook(id: "1") { id } }'],
  replayDeliveries: [
    'webhooks:manage',
    'mutation { replayDeliveries(input: { endpointId: "1", deadOnly: true }) { replay { id } } }',
  ],
  cancelReplay: ['webhooks:manage', 'mutation { cancelReplay(id: "1") { replay { id } } }'],
  guestFeeds: ['webhooks:manage', '{ guestFeeds { id } }'],
  explainGuestFeed: ['webhooks:manage', '{ explainGuestFeed(feedId: "1", bookingNumber: "1") { willSend } }'],
  createGuestFeed: [
    'webhooks:manage',
    'mutation { createGuestFeed(input: { name: "", baseUrl: "", hotelId: "", accessKey: "" }) { guestFeed { id } } }',
  ],
  updateGuestFeed: [
    'webhooks:manage',
    'mutation { updateGuestFeed(id: "1", input: { name: "", baseUrl: "", hotelId: "", accessKey: "" }) { guestFeed { id } } }',
  ],
  deleteGuestFeed: ['webhooks:manage', 'mutation { deleteGuestFeed(id: "1") { deletedId } }'],
  runGuestFeed: ['webhooks:manage', 'mutation { runGuestFeed(id: "1") { id } }'],
  resendGuestFeedStays: [
    'webhooks:manage',
    'mutation { resendGuestFeedStays(feedId: "1", bookingNumbers: ["1"]) { bookingNumbers } }',
  ],
  createOwner: ['admin', 'mutation { createOwner(input: { code: "" }) { owner { id } } }'],
  updateOwner: ['admin', 'mutation { updateOwner(input: { code: "%OWNER" }) { owner { id } } }'],
  createApiKey: ['admin', 'mutation { createApiKey(input: { name: "", owners: [], scopes: [] }) { key } }'],
  rotateApiKey: ['admin', 'mutation { rotateApiKey(id: "999999") { key } }'],
  revokeApiKey: ['admin', 'mutation { revokeApiKey(id: "999999") { deletedId } }'],
  customerSnapshots: ['changes:read', 'subscription { customerSnapshots { cursor } }'],
};

let hub: TestHub;
let owner: TestOwner;
const allBut = new Map<Scope, string>();
const only = new Map<Scope, string>();
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
  for (const scope of scopes) {
    allBut.set(scope, await owner.newKey(scopes.filter((other) => other !== scope)));
    only.set(scope, await owner.newKey([scope]));
  }
});
afterAll(() => hub.stop());

test('api 1: every query, mutation and subscription of the schema stands in the table of scopes', async () => {
  const schema = await createSchema();
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = new Set(roots.flatMap((root) => Object.keys(root!.getFields()))); // bulkOperation is asked and subscribed to
  expect(Object.keys(table).sort()).toEqual([...fields].sort());
});

test('api 1: the description of a field names the scope it needs', async () => {
  const schema = await createSchema();
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
    for (const [name, { description }] of Object.entries(root!.getFields())) {
      const [scope] = table[name]!;
      expect(/Scope ([a-z:]+)/.exec(description ?? '')?.[1] ?? null, name).toBe(scope);
    }
});

test.each(Object.entries(table))(
  'api 1: %s is FORBIDDEN without its scope, with every other one',
  async (field, [scope, call]) => {
    if (scope === null) return expect(await codeOf(field, call, only.get('schema:read')!)).toBeUndefined();
    expect(await codeOf(field, call, allBut.get(scope)!)).toEqual({
      code: 'FORBIDDEN',
      message: `this key lacks the scope ${scope}`,
    });
  },
);

test.each(Object.entries(table).filter(([field]) => field !== 'customerSnapshots'))(
  'api 1: %s needs no other scope than its own',
  async (field, [scope, call]) => {
    const error = await codeOf(field, call, only.get(scope ?? 'schema:read')!);
    expect(error?.message ?? '').not.toMatch(/lacks the scope/);
    expect(error?.code ?? '').not.toMatch(/INTERNAL|GRAPHQL|UNAUTHENTICATED/);
  },
);

test('A44: lifting an exclusion needs admin, beside the scope of every change', async () => {
  const lift = `mutation { setCustomerExcluded(customer: ${by}, excluded: false) { customer { id } } }`;
  expect((await codeOf('', lift, allBut.get('admin')!))?.message).toBe('this key lacks the scope admin');
  expect((await codeOf('', lift, only.get('admin')!))?.message).toBe('this key lacks the scope customers:write');
});

test('api 1: an edge gives no more than its root: a key that writes cannot read lists through an answer', async () => {
  const writer = only.get('customers:write')!;
  const { errors } = await hub.request('{ a: tags { id } b: viewer { scopes } }', {}, { key: writer });
  expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['a'], 'FORBIDDEN']]);
});

test('api 1: admin over an owner is not admin over all: no new owners with it', async () => {
  const answer = await codeOf(
    'createOwner',
    'mutation { createOwner(input: { code: "NEWONE" }) { owner { id } } }',
    only.get('admin')!,
  );
  expect(answer?.code).toBe('FORBIDDEN');
  expect(await hub.clone.sql(`SELECT FROM owner WHERE code = 'NEWONE'`)).toEqual([]);
});

async function codeOf(
  field: string,
  call: string,
  key: string,
): Promise<{ code: string; message: string } | undefined> {
  const query = call.replace('%OWNER', owner.code);
  if (field === 'customerSnapshots') {
    const error = (await follow(hub.subscriber(key), query).nextResult()).errors?.[0];
    return error && { code: String(error.extensions?.code), message: error.message };
  }
  const { errors } = await hub.request(query, {}, { key });
  return errors?.[0] && { code: errors[0].extensions.code, message: errors[0].message };
}
