import { afterAll, beforeAll, expect, test } from 'vitest';
import { scopes } from '../../src/access/scope.js';
import { createSchema } from '../../src/schema.js';
import { attemptsOn } from '../access/attempts.js';
import { furnishedOwner, type FurnishedOwner } from '../access/furnished-owner.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { auditOf, type Entry } from './entries.js';

/** They change nothing that is kept: what they send, or would send, is the receiver's. */
const withoutEntry = ['sendTestWebhook'];

let hub: TestHub;
let own: FurnishedOwner;
let owner: TestOwner;
let key: string;
let keyId: string;
beforeAll(async () => {
  hub = await startTestHub();
  own = await furnishedOwner(hub, 'gamma');
  owner = await hub.owner();
  key = await owner.newKey([...scopes], 'the till');
  const [row] = await hub.clone.sql<{ id: string }>('SELECT id FROM api_key WHERE public_id = $1', [key.split('_')[2]]);
  keyId = row!.id;
});
afterAll(() => hub.stop());

const ask = async <Data>(query: string, variables: object = {}): Promise<Data> => {
  const { data, errors } = await hub.request<Data>(query, variables, { key });
  expect(errors).toBeUndefined();
  return data;
};
const log = (filter: object = {}) => auditOf(hub, key, filter);
const create = async (code: string): Promise<string> => {
  const made = await ask<{ createCustomer: { customer: { id: string } } }>(
    'mutation ($code: String!) { createCustomer(input: { code: $code, name: "Anna Planted" }) { customer { id } } }',
    { code },
  );
  return made.createCustomer.customer.id;
};

test('issue 8.6: every mutation that changes something leaves an entry under its name, by whoever called it', async () => {
  const mutations = Object.keys((await createSchema()).getMutationType()!.getFields());
  const nameless = [
    'mutation { createTag(name: "fresh") { tag { id } } }',
    'mutation { createCustomer(input: { code: "FRESH", name: "Fresh" }) { customer { id } } }',
    'mutation { createExternalSystem(code: "FRESH", name: "Fresh") { externalSystem { id } } }',
    'mutation { createWebhookEndpoint(input: { url: "https://example.org/", active: false }) { webhookEndpoint { id } } }',
    'mutation { createGuestFeed(input: { name: "F", baseUrl: "https://example.org/", hotelId: "H", accessKey: "K" }) { guestFeed { id } } }',
  ].map((query) => ({ field: '', query, variables: {} }));
  const names = { ...own, ownerCode: own.owner.code };
  const attempts = attemptsOn(own, names).filter(({ query }) => query.trim().startsWith('mutation'));
  const last = /^(delete|revoke|rotateApiKey|cancel)/; // after which others find nothing any more
  const ordered = [
    ...attempts.filter(({ field }) => field === 'untagCustomers'), // so that tagging it changes it
    ...nameless,
    ...attempts.filter(({ field }) => !last.test(field)),
    ...attempts.filter(({ field }) => last.test(field)),
  ];
  for (const { query, variables } of ordered) await hub.request(query, variables, { key: own.key });
  const entries = await auditOf(hub, null, {}, own.owner.code);
  const actions = new Set(entries.map(({ action }) => action));
  expect(mutations.filter((name) => !actions.has(name)).sort()).toEqual(withoutEntry);
  expect([...actions].filter((name) => !mutations.includes(name))).toEqual([]);
});

test('issue 8.6: an entry says who, what, to which customer, why and when, with the request id of the answer', async () => {
  const before = Date.now();
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      query: 'mutation { renamed: createCustomer(input: { code: "WHO", name: "Who" }) { customer { id } } }',
    }),
  });
  const { data } = (await response.json()) as { data: { renamed: { customer: { id: string } } } };
  const { id } = data.renamed.customer;
  const [entry, ...others] = await log({ customerId: id });
  expect(others).toEqual([]);
  expect(entry).toMatchObject({
    ...{ actorKind: 'KEY', actorId: keyId, origin: 'the till', requestId: response.headers.get('x-request-id') },
    ...{ action: 'createCustomer', reasons: ['CREATED'], customerCount: 1, customerIds: [id] },
    ...{ subjectKind: null, subjectId: null },
  });
  expect(Math.abs(Date.parse(entry!.at) - before)).toBeLessThan(60_000);
});

test('issue 8.6: two mutations of one operation have an entry each, under their own names', async () => {
  const id = await create('TWO');
  await ask(
    'mutation ($id: ID!) { a: createTag(name: "one") { tag { id } } b: updateCustomer(by: { id: $id }, input: { name: "X" }) { customer { id } } }',
    { id },
  );
  const [second, first] = await log();
  expect([first, second]).toMatchObject([
    { action: 'createTag', subjectKind: 'TAG', customerCount: 0, customerIds: [] },
    { action: 'updateCustomer', reasons: ['UPDATED'], customerIds: [id] },
  ]);
});

test('issue 8.6: what changes nothing, is refused, or is a dry run leaves no entry', async () => {
  const id = await create('NOTHING');
  const before = await log();
  const same =
    'mutation ($id: ID!) { updateCustomer(by: { id: $id }, input: { name: "Anna Planted" }) { customer { id } } }';
  await ask(same, { id });
  await ask('mutation { updateCustomer(by: { id: "987654321" }, input: { name: "Y" }) { userErrors { code } } }');
  await ask('mutation { createCustomer(input: { code: "NOTHING", name: "Again" }) { userErrors { code } } }');
  await ask('mutation { createWebhookEndpoint(input: { url: "nowhere" }) { userErrors { code } } }');
  await ask('mutation { cancelBulkOperation(id: "987654321") { userErrors { code } } }');
  await ask('mutation { revokeApiKey(id: "987654321") { userErrors { code } } }');
  const input = { ownerCode: owner.code, dryRun: true, customers: [{ code: 'DRY', name: 'Dry' }] };
  await ask('mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { dryRun } }', {
    input,
  });
  expect(await log()).toEqual(before);
});

test('issue 8.6: the entry is there if and only if the change is: what takes one away takes the other', async () => {
  await hub.clone.sql('ALTER TABLE audit_entry ADD CONSTRAINT broken CHECK (action <> $$createTag$$) NOT VALID');
  try {
    const { errors } = await hub.request('mutation { createTag(name: "half") { tag { id } } }', {}, { key });
    expect(errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(await hub.clone.sql(`SELECT FROM tag WHERE name = 'half'`)).toEqual([]);
  } finally {
    await hub.clone.sql('ALTER TABLE audit_entry DROP CONSTRAINT broken');
  }
});

test('issue 8.6: entries are found by actor, action, subject and time, in pages, the newest first', async () => {
  for (const name of ['p1', 'p2', 'p3'])
    await ask('mutation ($name: String!) { createTag(name: $name) { tag { id } } }', { name });
  const tags = await log({ action: 'createTag', actorKind: 'KEY', actorId: keyId, subjectKind: 'TAG' });
  expect(tags.length).toBeGreaterThanOrEqual(3);
  expect(tags.map(({ id }) => Number(id))).toEqual(tags.map(({ id }) => Number(id)).sort((a, b) => b - a));
  expect(await log({ subjectKind: 'TAG', subjectId: tags[0]!.subjectId })).toEqual([tags[0]]);
  expect(await log({ action: 'createTag', since: tags[0]!.at })).toEqual([tags[0]]);
  expect(await log({ action: 'createTag', until: tags[0]!.at })).toEqual(tags.slice(1));
  for (const filter of [{ actorKind: 'TOKEN' }, { actorId: '0' }, { action: 'none' }])
    expect(await log(filter)).toEqual([]);
  const page = await ask<{
    auditLog: { totalCount: number; nodes: Entry[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
  }>(
    '{ auditLog(first: 2, filter: { action: "createTag" }) { totalCount nodes { id } pageInfo { endCursor hasNextPage } } }',
  );
  expect(page.auditLog).toMatchObject({ totalCount: tags.length, pageInfo: { hasNextPage: true } });
  const next = await ask<{ auditLog: { nodes: Entry[] } }>(
    'query ($after: String) { auditLog(first: 1, after: $after, filter: { action: "createTag" }) { nodes { id } } }',
    { after: page.auditLog.pageInfo.endCursor },
  );
  expect(next.auditLog.nodes).toEqual([{ id: tags[2]!.id }]);
});

test.each([
  ['{ auditLog(first: 101) { totalCount } }', /first must be 1 to 100/],
  ['{ auditLog { totalCount } }', /say how many/],
  ['{ auditLog(first: 1, filter: { customerId: "x" }) { totalCount } }', /filter.customerId: no such id/],
  ['{ auditLog(first: 1, filter: { subjectId: "-1" }) { totalCount } }', /filter.subjectId: no such id/],
  ['{ auditLog(first: 1) { nodes { customerIds(first: 10001) } } }', /first must be 1 to 10000/],
])('api 3: %s is BAD_USER_INPUT', async (query, message) => {
  await create(`B${Math.random()}`.slice(0, 20));
  const { errors } = await hub.request(query, {}, { key });
  expect(errors?.[0]).toMatchObject({
    message: expect.stringMatching(message) as string,
    extensions: { code: 'BAD_USER_INPUT' },
  });
});
