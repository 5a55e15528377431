import { isInputObjectType, type GraphQLSchema } from 'graphql';
import { expect, vi } from 'vitest';
import { adminKey } from '../hub.js';
import type { Receiver } from '../webhook/receiver.js';
import type { Canaries } from './canaries.js';
import type { MistreatedHub } from './mistreated-hub.js';
import type { Operation } from './planted-operations.js';

const json = { 'content-type': 'application/json' };
const userErrors = 'userErrors { message }';

/** Each over HTTP, but for subscriptions, and over the WebSocket; a few at a time. */
export async function callAll(hub: MistreatedHub, operations: readonly Operation[]): Promise<void> {
  const rest = operations.values();
  const turn = async () => {
    for (const operation of rest) {
      if (operation.kind !== 'subscription') await hub.ask(operation.query, operation.variables);
      await hub.subscribe(operation);
    }
  };
  await Promise.all([turn(), turn(), turn(), turn()]);
}

/** Rows of a bulk call: one for each field of it, planted beside a code and a name that are; and each as a call of its own. */
export async function sendRows(hub: MistreatedHub, schema: GraphQLSchema, canaries: Canaries): Promise<void> {
  const bulk = `mutation ($rows: [CustomerRowInput!]!, $key: String) {
    bulkInsertCustomers(input: { ownerCode: "ACME", customers: $rows, idempotencyKey: $key }) {
      counts { customers rejected } errors { errors } ${userErrors} } }`;
  const one = `mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { ${userErrors} } }`;
  const row = schema.getType('CustomerRowInput');
  if (!isInputObjectType(row)) throw new Error('no rows');
  const valueOf = (field: string, n: number): unknown =>
    field === 'adminUser' ? loginOf(canaries, n) : field === 'code' ? `zqcanaryC${n}` : canaries.plant(`row.${field}`);
  const rows = Object.keys(row.getFields()).map((field, n) => ({
    ...{ code: `zqcanaryC${n}`, name: canaries.plant('row.name') },
    [field]: valueOf(field, n),
  }));
  for (const key of ['zqcanary-key', 'zqcanary-key', 'zqcanary-other']) await hub.ask(bulk, { rows, key });
  for (const [n, each] of rows.entries())
    await hub.ask(one, { input: { ...each, adminUser: undefined, code: `zqcanaryD${n}` } });
}

const loginOf = (canaries: Canaries, n: number) => ({
  ...{ name: canaries.plant('adminUser.name'), email: canaries.plant('adminUser.email') },
  ...{ login: canaries.plant('adminUser.login'), password: `zqcanary${n}` },
});

/** What is no operation at all; headers, paths, keys and tokens. */
export async function sendNonsense(hub: MistreatedHub, token: string): Promise<void> {
  const documents = [
    '{ customer(by: { code: "zqcanary" }) { zqcanary } }',
    '{ customer(by: { code: 5, zqcanary: "zqcanary" }) { id } }',
    'query zqcanary($zqcanary: Zqcanary) { owner { code } }',
    '{ owner { code } } "zqcanary',
    '{ zqcanary: customer(by: { id: "zqcanary" }) { id @zqcanary } }',
    'mutation zqcanary { createTag(name: "zqcanary") { userErrors { message } } }',
  ];
  for (const query of documents) {
    await hub.ask(query);
    await hub.subscribe({ kind: 'query', name: 'by hand', query, variables: { zqcanary: 'zqcanary' } });
  }
  const post = (body: string, headers: Record<string, string> = {}) =>
    hub.send('/graphql', { method: 'POST', headers: { ...json, ...headers }, body });
  for (const body of ['{"query": zqcanary}', 'zqcanary', '["zqcanary"]', '{"query":{"zqcanary":"zqcanary"}}'])
    await post(body);
  const owner = '{"query":"{ owner { code } }"}';
  await post(owner, { 'x-request-id': 'zqcanary', 'user-agent': 'zqcanary', cookie: 'zqcanary=zqcanary' });
  await post(owner, { 'stamdata-owner': 'zqcanary' });
  await post(owner, { 'content-type': 'zqcanary/zqcanary' });
  for (const authorization of [`Bearer ${token}`, 'Bearer zqcanary', 'Basic zqcanary', 'Bearer stam_live_zqcanary'])
    await post(owner, { authorization });
  await hub.send('/zqcanary/x?zqcanary=zqcanary');
  await hub.send(`/graphql?query=${encodeURIComponent('{ zqcanary }')}&variables=zqcanary`);
}

/** Partners with right and wrong keys and bodies, and files that break. */
export async function sendFiles(hub: MistreatedHub): Promise<void> {
  const customers = [{ code: 'zqcanary', name: 'zqcanary', email: 'zqcanary' }];
  const partner = { key: adminKey, owner_code: 'ACME', customers };
  for (const body of [partner, { ...partner, key: 'zqcanary' }, { ...partner, customers: ['zqcanaryW'] }, ['zqcanary']])
    for (const path of ['insert', 'enable', 'disable'])
      await hub.send(`/api/customers/${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
  const files: [string, string][] = [
    [
      '{"code":"zqcanaryF1","name":"zqcanary"}\n{"code":"zqcanary F","email":"zqcanary"}\n{"zqcanary": zqcanary',
      'application/x-ndjson',
    ],
    ['code;name;zqcanary\nzqcanaryG1;zqcanary;zqcanary\n"zqcanary', 'text/csv'],
    ['zqcanary', 'zqcanary/zqcanary'],
  ];
  for (const [body, type] of files)
    await hub.send('/import/customers?owner=ACME', {
      ...{ method: 'POST', headers: { 'content-type': type, 'idempotency-key': `zqcanary-${type}` }, body },
    });
}

/**
 * Webhooks and guest feeds to a receiver that fails and sends back what it got. Gives the signing secret and the text of a
 * key, which were made for that.
 */
export async function sendOut(hub: MistreatedHub, receiver: Receiver): Promise<{ signing: string; key: string }> {
  const endpoint = await hub.ask<{ made: { secret: string; webhookEndpoint: { id: string } } }>(
    `mutation ($input: WebhookEndpointInput!) {
       made: createWebhookEndpoint(input: $input) { secret webhookEndpoint { id } ${userErrors} } }`,
    {
      input: {
        ...{ url: `${receiver.url}?zqcanary=zqcanary`, operationalEvents: true },
        ...{ headers: [{ name: 'x-zqcanary', value: 'zqcanary' }], template: '{"zqcanary": "[CUSTOMERNAME]"}' },
      },
    },
  );
  if (!endpoint.data?.made.secret) throw new Error(JSON.stringify(endpoint));
  const key = await hub.ask<{ made: { key: string } }>(
    'mutation { made: createApiKey(input: { name: "till", owners: ["ACME"], scopes: ["customers:read"] }) { key } }',
  );
  for (const url of ['http://zqcanary:zqcanary@127.0.0.1/', 'zqcanary', 'http://zqcanary.invalid/zqcanary'])
    await hub.ask(`mutation ($url: String!) { createWebhookEndpoint(input: { url: $url }) { ${userErrors} } }`, {
      url,
    });
  await hub.ask(
    `mutation { createCustomer(input: { code: "zqcanaryW", name: "zqcanary", tags: ["zqcanary-tag"] }) { ${userErrors} } }`,
  );
  const arrived = () => expect(receiver.requests.some(({ body }) => body.includes('zqcanary'))).toBe(true);
  await vi.waitFor(arrived, { timeout: 60_000, interval: 50 });
  await hub.ask('mutation ($id: ID!) { sendTestWebhook(id: $id, customer: { code: "zqcanaryW" }) { error } }', {
    id: endpoint.data.made.webhookEndpoint.id,
  });
  await feedGuest(hub, receiver);
  return { signing: endpoint.data.made.secret, key: key.data!.made.key };
}

async function feedGuest(hub: MistreatedHub, receiver: Receiver): Promise<void> {
  const account = {
    name: 'Reviews',
    baseUrl: `${receiver.url}?zqcanary`,
    hotelId: 'zqcanary',
    accessKey: 'zqcanary-access',
  };
  const feed = await hub.ask<{ made: { guestFeed: { id: string } } }>(
    `mutation ($input: GuestFeedInput!) { made: createGuestFeed(input: $input) { guestFeed { id } ${userErrors} } }`,
    { input: { ...account, active: true } },
  );
  const guest = '{ code: "zqcanaryH", name: "Anna Zqcanary", email: "zqcanary@example.org" }';
  await hub.ask(`mutation { createCustomer(input: ${guest}) { ${userErrors} } }`);
  const booking = {
    ...{ number: 'zqcanary-stay', service: 'zqcanary', status: 'CHECKED_OUT', notify: true },
    ...{ customer: { code: 'zqcanaryH' }, startsAt: '2026-05-01T13:00:00Z', endsAt: '2026-05-03T09:00:00Z' },
  };
  await hub.ask(
    'mutation ($b: BookingInput!) { recordBookings(input: { ownerCode: "ACME", bookings: [$b] }) { errors { errors } } }',
    { b: booking },
  );
  const run = await hub.ask<{ run: { failed: number } }>(
    'mutation ($id: ID!) { run: runGuestFeed(id: $id) { failed } }',
    { id: feed.data!.made.guestFeed.id },
  );
  if (run.data?.run.failed !== 1) throw new Error(JSON.stringify(run));
}
