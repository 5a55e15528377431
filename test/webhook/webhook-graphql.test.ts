import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { dataOf, startReceiver, type Receiver } from './receiver.js';

let hub: TestHub;
let owner: TestOwner;
let receiver: Receiver;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
  receiver = await startReceiver();
});
afterAll(async () => {
  await hub.stop();
  await receiver.close();
});

interface Payload {
  webhookEndpoint: Record<string, unknown> & { id: string };
  secret: string | null;
  userErrors: object[];
}
const fields = `webhookEndpoint { id url method contentType headerNames reasons mode state disabledReason maxInFlight ratePerSecond }
  secret userErrors { code field message }`;
const create = (input: object, as = owner) =>
  as
    .gql<{ made: Payload }>(
      `mutation ($input: WebhookEndpointInput!) { made: createWebhookEndpoint(input: $input) { ${fields} } }`,
      { input },
    )
    .then(({ made }) => made);

test('from createCustomer to a signed webhook, and back through the list of deliveries', async () => {
  const made = await create({ url: receiver.url, headers: [{ name: 'X-Key', value: 'secret' }], reasons: ['CREATED'] });
  expect(made).toMatchObject({
    webhookEndpoint: {
      ...{
        url: receiver.url,
        method: 'POST',
        contentType: 'application/json',
        headerNames: ['X-Key'],
        reasons: ['CREATED'],
      },
      ...{ mode: 'EVERY', state: 'ACTIVE', disabledReason: null, maxInFlight: 8, ratePerSecond: 50 },
    },
    userErrors: [],
  });
  const { createCustomer } = await owner.gql<{ createCustomer: { customer: { id: string } } }>(
    'mutation { createCustomer(input: { code: "W1", name: "Grace Hopper" }) { customer { id } } }',
  );
  await receiver.until((requests) => requests.length === 1);
  const request = receiver.requests[0]!;
  new Webhook(made.secret!).verify(request.body, request.headers as Record<string, string>);
  const customerId = createCustomer.customer.id;
  expect(dataOf(request)).toMatchObject({ customerId, version: 1, snapshot: { name: 'Grace Hopper' } });
  const deliveries = await eventually(async () => {
    const answer = await owner.gql<{ deliveries: { totalCount: number; nodes: object[] } }>(
      `query ($id: ID, $customerId: ID) { deliveries(first: 1, endpointId: $id, customerId: $customerId, state: SUCCEEDED) {
         totalCount pageInfo { hasNextPage } nodes { id endpointId customerId version webhookId attempt state at durationMs status error } } }`,
      { id: made.webhookEndpoint.id, customerId },
    );
    return answer.deliveries.totalCount > 0 ? answer.deliveries : null;
  });
  expect(deliveries).toMatchObject({
    ...{ totalCount: 1, pageInfo: { hasNextPage: false } },
    nodes: [
      {
        ...{ endpointId: made.webhookEndpoint.id, customerId, version: 1, attempt: 1, state: 'SUCCEEDED', status: 204 },
        ...{ webhookId: request.headers['webhook-id'], error: null },
      },
    ],
  });
});

test('endpoints are listed, changed, rotated, tested and deleted', async () => {
  const mine = await hub.owner();
  const made = await create({ url: receiver.url, active: false }, mine);
  const { id } = made.webhookEndpoint;
  const changed = await mine.gql<{ changed: Payload }>(
    `mutation ($id: ID!, $input: WebhookEndpointInput!) { changed: updateWebhookEndpoint(id: $id, input: $input) { ${fields} } }`,
    { id, input: { url: receiver.url, mode: 'LATEST' } },
  );
  expect(changed.changed).toMatchObject({ webhookEndpoint: { id, mode: 'LATEST', state: 'PAUSED' }, secret: null });
  const rotated = await mine.gql<{ rotated: Payload }>(
    `mutation ($id: ID!) { rotated: rotateWebhookSecret(id: $id) { ${fields} } }`,
    { id },
  );
  expect(rotated.rotated.secret).toMatch(/^whsec_/);
  expect(rotated.rotated.secret).not.toBe(made.secret);
  const tested = await mine.gql<{ sendTestWebhook: object }>(
    'mutation ($id: ID!) { sendTestWebhook(id: $id) { endpointId customerId state status webhookId } }',
    { id },
  );
  expect(tested.sendTestWebhook).toMatchObject({ endpointId: id, customerId: null, state: 'SUCCEEDED', status: 204 });
  const list = '{ webhookEndpoints { id state mode } }';
  expect(await mine.gql(list)).toEqual({ webhookEndpoints: [{ id, state: 'PAUSED', mode: 'LATEST' }] });
  const remove = 'mutation ($id: ID!) { deleteWebhookEndpoint(id: $id) { deletedId userErrors { code field } } }';
  expect(await owner.gql(remove, { id })).toEqual({
    deleteWebhookEndpoint: { deletedId: null, userErrors: [{ code: 'NOT_FOUND', field: 'id' }] },
  });
  expect(await mine.gql(remove, { id })).toEqual({ deleteWebhookEndpoint: { deletedId: id, userErrors: [] } });
  expect(await mine.gql(list)).toEqual({ webhookEndpoints: [] });
});

test('what is wrong comes back as userErrors; what cannot be served as an error', async () => {
  const refused = await create({ url: 'http://192.168.1.1/', headers: [{ name: 'Host', value: 'x' }] });
  expect(refused).toEqual({
    webhookEndpoint: null,
    secret: null,
    userErrors: [
      { code: 'INVALID', field: 'url', message: 'invalid url (address not allowed)' },
      { code: 'INVALID', field: 'headers.0.name', message: 'invalid headers.0.name (set by the hub)' },
    ],
  });
  const reader = await owner.newKey(['customers:read']);
  const asReader = await hub.request('{ webhookEndpoints { id } }', {}, { key: reader });
  expect(asReader.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  for (const query of [
    '{ deliveries { nodes { id } } }',
    '{ deliveries(first: 1, endpointId: "x") { nodes { id } } }',
    'mutation { sendTestWebhook(id: "999999") { id } }',
    'mutation { sendTestWebhook(id: "1", customer: { code: "nobody" }) { id } }',
  ]) {
    const answer = await hub.request(query, {}, { key: owner.key });
    expect(answer.errors?.[0]?.extensions.code, query).toBe('BAD_USER_INPUT');
  }
});

async function eventually<T>(read: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await read();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
