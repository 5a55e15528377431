import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test, vi, type MockInstance } from 'vitest';
import { KnownAnswers } from '../../src/server/known-answers.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

let hub: TestHub;
let owner: TestOwner;
let answer: MockInstance<KnownAnswers['answer']>;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  owner = await hub.owner();
  await owner.gql(
    'mutation { createCustomer(input: { code: "K1", name: "Known Ånswer" }) { userErrors { message } } }',
  );
  answer = vi.spyOn(KnownAnswers.prototype, 'answer');
});
beforeEach(() => {
  answer.mockClear();
});
afterAll(async () => {
  answer.mockRestore();
  await hub.stop();
});

const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.key}`, ...headers },
    body: JSON.stringify(body),
  });

/** What a client sees of an answer, but for what differs from one to the next. */
async function seen(response: Response): Promise<object> {
  const headers = Object.fromEntries(response.headers);
  for (const name of ['date', 'x-request-id', 'content-length', 'connection', 'keep-alive']) delete headers[name];
  const text = await response.text();
  return { status: response.status, headers, end: text.at(-1), json: JSON.parse(text) as unknown };
}

/** Whether the last answer went past Apollo. */
const wasKnown = async (): Promise<boolean> => (await answer.mock.results.at(-1)?.value) !== null;

test.each([
  ['none', undefined],
  ['*/*', '*/*'],
  ['application/json', 'application/json'],
  ['GraphQL’s own', 'application/graphql-response+json, application/json;q=0.9'],
])('a query that comes again is answered past Apollo, and the same: accept %s', async (name, accept) => {
  const body = {
    query: `query Named { customers(first: 1) { nodes { name } } __typename } # ${name}`,
    operationName: 'Named',
  };
  const headers = accept ? { accept } : undefined;
  const first = await seen(await post(body, headers));
  expect(await wasKnown()).toBe(false);
  expect(await seen(await post(body, headers))).toEqual(first);
  expect(await wasKnown()).toBe(true);
  expect(first).toMatchObject({ status: 200, json: { data: { customers: { nodes: [{ name: 'Known Ånswer' }] } } } });
});

test.each([
  ['an unknown variable type', { variables: { code: 7 } }],
  ['a missing variable', {}],
  ['variables that are no object', { variables: 'K1' }],
  ['another operation', { operationName: 'Other', variables: { code: 'K1' } }],
  ['an empty operation name', { operationName: '', variables: { code: 'K1' } }],
  ['a list', [{}]],
  [
    'a hash of something else',
    { variables: { code: 'K1' }, extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } },
  ],
])('what is unusual about a query that came before is told as it was the first time: %s', async (name, change) => {
  const query = `query ($code: String!) { customer(by: { code: $code }) { name } } # ${name}`;
  const strange = Array.isArray(change) ? change : { query, ...change };
  const before = await seen(await post(strange));
  await post({ query, variables: { code: 'K1' } });
  await post({ query, variables: { code: 'K1' } });
  expect(await wasKnown()).toBe(true);
  expect(await seen(await post(strange))).toEqual(before);
  expect(await wasKnown()).toBe(false);
  expect(before).toHaveProperty('json.errors');
  expect(before).not.toHaveProperty('status', 500);
});

test('each time the key decides: a known query is no way past scopes and owners', async () => {
  const query = '{ customers(first: 1) { nodes { code } } }';
  await post({ query });
  await post({ query });
  expect(await wasKnown()).toBe(true);
  const key = await owner.newKey(['changes:read']);
  expect(await seen(await post({ query }, { authorization: `Bearer ${key}` }))).toMatchObject({
    json: { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
  });
  const other = await hub.owner();
  expect(await seen(await post({ query }, { authorization: `Bearer ${other.key}` }))).toMatchObject({
    json: { data: { customers: { nodes: [] } } },
  });
  expect(await wasKnown()).toBe(true);
});

test('a mutation is never known', async () => {
  const query = 'mutation { createTag(name: "Again") { userErrors { code } } }';
  await post({ query });
  expect(await seen(await post({ query }))).toMatchObject({
    json: { data: { createTag: { userErrors: [{ code: 'TAKEN' }] } } },
  });
  expect(await wasKnown()).toBe(false);
});

test('a persisted query is registered once and then sent by its hash alone, by POST and by GET', async () => {
  const query = 'query ($code: String!) { customer(by: { code: $code }) { name } } # persisted';
  const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } };
  const variables = { code: 'K1' };
  const found = { status: 200, json: { data: { customer: { name: 'Known Ånswer' } } } };
  expect(await seen(await post({ extensions, variables }))).toMatchObject({
    json: { errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] },
  });
  expect(await seen(await post({ query, extensions, variables }))).toMatchObject(found);
  expect(await seen(await post({ extensions, variables }))).toMatchObject(found);
  expect(await wasKnown()).toBe(true);
  const search = new URLSearchParams({ extensions: JSON.stringify(extensions), variables: JSON.stringify(variables) });
  const got = await fetch(`${hub.url}/graphql?${search.toString()}`, {
    headers: { authorization: `Bearer ${owner.key}` },
  });
  expect(await seen(got)).toMatchObject(found);
});
