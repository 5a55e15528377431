import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { answering, startReceiver, type Receiver } from './receiver.js';

let hub: TestHub;
let owner: TestOwner;
let receiver: Receiver;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
  receiver = await startReceiver();
  await owner.gql('mutation { a: createTag(name: "VIP") { tag { id } } b: createTag(name: "Press") { tag { id } } }');
});
afterAll(async () => {
  await hub.stop();
  await receiver.close();
});

const conditions =
  'conditions { hasEmail hasMobile acceptsMarketingEmail acceptsMarketingSms hasAnyTag hasAllTags hasNoTag fromAnySystem }';
const answer = `webhookEndpoint { id ${conditions} exceptOrigins onDead shards } userErrors { code field message }`;
interface Payload {
  saved: { webhookEndpoint: { id: string; conditions: Record<string, unknown> | null } | null; userErrors: object[] };
}
const save = (input: object, id?: string): Promise<Payload['saved']> =>
  owner
    .gql<Payload>(
      id === undefined
        ? `mutation ($input: WebhookEndpointInput!) { saved: createWebhookEndpoint(input: $input) { ${answer} } }`
        : `mutation ($input: WebhookEndpointInput!, $id: ID!) { saved: updateWebhookEndpoint(id: $id, input: $input) { ${answer} } }`,
      { input: { url: receiver.url, ...input }, ...(id === undefined ? {} : { id }) },
    )
    .then(({ saved }) => saved);

const of = (code: string, field: string, why: string) => ({ code, field, message: `invalid ${field} (${why})` });
const refused: [string, object, object][] = [
  [
    'an unknown tag',
    { conditions: { hasAnyTag: ['vip', 'Vipp'] } },
    of('NOT_FOUND', 'conditions.hasAnyTag.1', 'no tag "Vipp"'),
  ],
  [
    'an unknown system',
    { conditions: { fromAnySystem: ['6', 'SHOPIFY'] } },
    of('NOT_FOUND', 'conditions.fromAnySystem.1', 'no external system "SHOPIFY"'),
  ],
  [
    'a list of no tag',
    { conditions: { hasNoTag: [] } },
    of('INVALID', 'conditions.hasNoTag', 'name at least one, or leave it out'),
  ],
  [
    'too many tags',
    { conditions: { hasAllTags: Array.from({ length: 51 }, () => 'VIP') } },
    of('LIMIT_EXCEEDED', 'conditions.hasAllTags', 'at most 50'),
  ],
  [
    'no condition',
    { conditions: { hasEmail: null } },
    of('INVALID', 'conditions', 'name at least one, or give null for none'),
  ],
  [
    'what nobody can meet',
    { conditions: { hasAllTags: ['VIP'], hasNoTag: ['vip'] } },
    of('INVALID', 'conditions.hasNoTag', 'with the other tags named, no customer could meet it'),
  ],
  ['no origin', { exceptOrigins: [] }, of('INVALID', 'exceptOrigins', 'name at least one, or leave it out for none')],
  [
    'a blank origin',
    { exceptOrigins: ['crm', ' '] },
    of('INVALID', 'exceptOrigins.1', 'the name of an API key: 1 to 100 characters'),
  ],
  ['no shard', { shards: 0 }, of('OUT_OF_RANGE', 'shards', '1 to 16')],
  ['17 shards', { shards: 17, maxInFlight: 64 }, of('OUT_OF_RANGE', 'shards', '1 to 16')],
  ['more shards than requests at once', { shards: 9 }, of('OUT_OF_RANGE', 'shards', 'at most maxInFlight, which is 8')],
];

test.each(refused)('refused: %s', async (_what, input, problem) => {
  expect(await save(input)).toEqual({ webhookEndpoint: null, userErrors: [problem] });
});

test('every problem is told at once, those of names too', async () => {
  const { userErrors } = await save({
    url: 'nonsense',
    reasons: [],
    conditions: { hasAnyTag: ['x', 'y'] },
    shards: 99,
  });
  expect(userErrors.map((problem) => (problem as { field: string }).field)).toEqual([
    ...['url', 'reasons', 'conditions.hasAnyTag.0', 'conditions.hasAnyTag.1', 'shards'],
  ]);
});

test('conditions are kept by what they mean: a renamed tag is still meant, a deleted one is told as such', async () => {
  const all = {
    ...{ hasEmail: true, hasMobile: false, acceptsMarketingEmail: true, acceptsMarketingSms: false },
    ...{ hasAnyTag: ['press', 'PRESS'], hasAllTags: null, hasNoTag: ['vip'], fromAnySystem: ['6', 'woocommerce', '1'] },
  };
  const { webhookEndpoint } = await save({
    conditions: all,
    exceptOrigins: ['crm'],
    onDead: 'BLOCK',
    shards: 4,
    active: false,
  });
  const shown = { ...all, hasAnyTag: ['Press'], hasNoTag: ['VIP'], fromAnySystem: ['WOOCOMMERCE', 'MAESTRO'] };
  expect(webhookEndpoint).toMatchObject({ conditions: shown, exceptOrigins: ['crm'], onDead: 'BLOCK', shards: 4 });
  const { id } = webhookEndpoint!;
  const { tags } = await owner.gql<{ tags: { id: string; name: string }[] }>('{ tags { id name } }');
  const press = tags.find(({ name }) => name === 'Press')!;
  await owner.gql('mutation ($id: ID!) { renameTag(id: $id, name: "Media") { tag { id } } }', { id: press.id });
  expect((await save({}, id)).webhookEndpoint).toMatchObject({
    conditions: { ...shown, hasAnyTag: ['Media'] },
    ...{ exceptOrigins: ['crm'], onDead: 'BLOCK', shards: 4 },
  });
  await owner.gql('mutation ($id: ID!) { deleteTag(id: $id) { deletedId } }', { id: press.id });
  expect((await save({}, id)).webhookEndpoint!.conditions!.hasAnyTag).toEqual([`(deleted tag ${press.id})`]);
  const replaced = await save({ conditions: { hasEmail: true } }, id);
  expect(replaced.webhookEndpoint!.conditions).toMatchObject({ hasEmail: true, hasMobile: null, hasAnyTag: null });
  const reset = await save({ conditions: null, exceptOrigins: null, onDead: null, shards: null }, id);
  expect(reset.webhookEndpoint).toEqual({ id, conditions: null, exceptOrigins: null, onDead: 'SKIP', shards: 1 });
});

test('B.6: from a withdrawn consent to the last webhook of a customer, and none before a reference or a consent', async () => {
  const target = await startReceiver(answering(204));
  await save({ url: target.url, conditions: { acceptsMarketingEmail: true, fromAnySystem: ['WOOCOMMERCE'] } });
  const { made } = await owner.gql<{ made: { customer: { id: string } } }>(
    'mutation { made: createCustomer(input: { code: "C1", name: "Ada", email: "ada@example.com" }) { customer { id } } }',
  );
  const consent = (accepted: boolean) =>
    owner.gql(
      'mutation ($accepted: Boolean!) { setMarketingConsent(customer: { code: "C1" }, input: { channel: EMAIL, accepted: $accepted }) { customer { id } } }',
      { accepted },
    );
  await consent(true);
  await owner.gql(
    'mutation { linkExternalSystem(customer: { code: "C1" }, reference: { system: "6", identifier: "77" }) { customer { id } } }',
  );
  await target.until((requests) => requests.length >= 1);
  await consent(false);
  const left = ({ headers }: { headers: Record<string, unknown> }) => headers['webhook-filter'] === 'left';
  await target.until((requests) => requests.some(left));
  await owner.gql('mutation { updateCustomer(by: { code: "C1" }, input: { name: "Ada L" }) { customer { id } } }');
  await save({ url: receiver.url }); // sent everything, for a sign that the change has been passed
  await owner.gql('mutation { updateCustomer(by: { code: "C1" }, input: { name: "Ada B" }) { customer { id } } }');
  await receiver.until((requests) => requests.length >= 1);
  expect(target.requests.map(left).indexOf(true)).toBe(target.requests.length - 1);
  const last = JSON.parse(target.requests.at(-1)!.body) as { data: { customerId: string; snapshot: object } };
  expect(last.data).toMatchObject({ customerId: made.customer.id, snapshot: { acceptsMarketingEmail: false } });
  await target.close();
});

test('B.7: skipDeadDelivery tells what is unknown, and what follows', async () => {
  const { webhookEndpoint } = await save({ onDead: 'BLOCK', active: false });
  const { id } = webhookEndpoint!;
  const skip = (endpointId: string, customerId: string) =>
    owner
      .gql<{ skipDeadDelivery: object }>(
        `mutation ($endpointId: ID!, $customerId: ID!) {
           skipDeadDelivery(endpointId: $endpointId, customerId: $customerId) { waitingEvents userErrors { code field } } }`,
        { endpointId, customerId },
      )
      .then(({ skipDeadDelivery }) => skipDeadDelivery);
  const unknown = (field: string) => ({ waitingEvents: null, userErrors: [{ code: 'NOT_FOUND', field }] });
  expect(await skip('999999', '1')).toEqual(unknown('endpointId'));
  expect(await skip(id, '1')).toEqual(unknown('customerId'));
  await hub.clone.sql(
    `INSERT INTO webhook_parked (owner_id, endpoint_id, customer_id, first_pos, last_pos, tried_pos, attempt, next_at, state)
     VALUES ($1, $2, 4711, 1, 1, 1, 10, now(), 'DEAD')`,
    [owner.id, id],
  );
  expect(await skip(id, '4711')).toEqual({ waitingEvents: 0, userErrors: [] });
});
