import { afterAll, beforeAll, expect, test } from 'vitest';
import { newKeyText } from '../../src/access/key-text.js';
import { adminKey, startTestHub, type TestHub, type TestOwner } from '../hub.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
});
afterAll(() => hub.stop());

interface Made {
  apiKey: {
    id: string;
    publicId: string;
    name: string;
    scopes: string[];
    expiresAt: string | null;
    lastUsedAt: string | null;
  } | null;
  key: string | null;
  userErrors: { code: string; field: string; message: string }[];
}
const create = async (input: object): Promise<Made> => {
  const answer = await hub.request<{ createApiKey: Made }>(
    `mutation ($input: ApiKeyInput!) { createApiKey(input: $input) {
      apiKey { id publicId name scopes expiresAt lastUsedAt } key userErrors { code field message } } }`,
    { input: { name: 'till 1', owners: [owner.code], scopes: ['customers:read'], ...input } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.createApiKey;
};
const viewer = (key: string, on = hub) =>
  on.request<{ viewer: { name: string; scopes: string[] } }>('{ viewer { name scopes } }', {}, { key });

test('api 1: a key is answered once, works, and neither the list nor the database has its secret', async () => {
  const { apiKey, key } = await create({
    name: '  till 2  ',
    scopes: ['customers:read', 'changes:read', 'customers:read'],
  });
  expect(apiKey).toMatchObject({
    name: 'till 2',
    scopes: ['customers:read', 'changes:read'],
    expiresAt: null,
    lastUsedAt: null,
  });
  const [, , publicId, secret] = key!.split('_');
  expect(apiKey!.publicId).toBe(publicId);
  expect((await viewer(key!)).data.viewer).toEqual({ name: 'till 2', scopes: ['customers:read', 'changes:read'] });
  const { data } = await hub.request<{ apiKeys: { id: string; owners: string[]; lastUsedAt: string }[] }>(
    '{ apiKeys { id publicId name scopes createdAt expiresAt revokedAt lastUsedAt owners } }',
    {},
    { owner: owner.code },
  );
  const listed = data.apiKeys.find(({ id }) => id === apiKey!.id);
  expect(listed).toMatchObject({ publicId, owners: [owner.code] });
  expect(Math.abs(Date.parse(listed!.lastUsedAt) - Date.now())).toBeLessThan(60_000);
  expect(JSON.stringify(data)).not.toContain(secret);
  const [stored] = await hub.clone.sql<{ row: string; raw: string }>(
    `SELECT k::text AS row, encode(secret_hash, 'escape') AS raw FROM api_key k WHERE public_id = $1`,
    [publicId],
  );
  expect(stored!.row + stored!.raw).not.toContain(secret);
  expect(JSON.stringify(hub.logged)).not.toContain(secret);
});

test.each([
  [{ name: '' }, 'REQUIRED', 'name'],
  [{ name: 'x'.repeat(101) }, 'INVALID', 'name'],
  [{ name: 'two\nlines' }, 'INVALID', 'name'],
  [{ scopes: [] }, 'REQUIRED', 'scopes'],
  [{ scopes: ['customers:read', 'everything'] }, 'INVALID', 'scopes'],
  [{ owners: [] }, 'REQUIRED', 'owners'],
  [{ expiresAt: '2020-01-01T00:00:00Z' }, 'OUT_OF_RANGE', 'expiresAt'],
])('api 3: createApiKey %o is rejected with %s', async (input, code, field) => {
  const { apiKey, key, userErrors } = await create(input);
  expect([apiKey, key]).toEqual([null, null]);
  expect(userErrors).toMatchObject([{ code, field }]);
});

test('api 1: 401 with www-authenticate for a key that is missing or wrong, in one and the same words', async () => {
  const expired = await create({ expiresAt: new Date(Date.now() + 60_000).toISOString() });
  await hub.clone.sql(`UPDATE api_key SET expires_at = now() - interval '1 second' WHERE id = $1`, [
    expired.apiKey!.id,
  ]);
  const revoked = await create({});
  await revoke(revoked.apiKey!.id);
  const stranger = newKeyText();
  const [, , publicId] = (await create({})).key!.split('_');
  const forged = `stam_live_${publicId}_${stranger.text.split('_').slice(3).join('_')}`; // wrong checksum for that id
  const messages = new Set<string>();
  for (const key of [
    expired.key!,
    revoked.key!,
    stranger.text,
    forged,
    'nonsense',
    adminKey.slice(1),
    `${adminKey}x`,
  ]) {
    const response = await post({ authorization: `Bearer ${key}` });
    expect(response.status, key).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
    expect(errors[0]!.extensions.code).toBe('UNAUTHENTICATED');
    messages.add(errors[0]!.message);
  }
  expect([...messages]).toEqual(['this key is unknown, revoked or expired']);
});

test('api 1: the id of a live key with another secret, well formed, is refused', async () => {
  const { apiKey } = await create({});
  const other = newKeyText();
  await hub.clone.sql('UPDATE api_key SET public_id = $1 WHERE id = $2', [other.publicId, apiKey!.id]);
  expect((await viewer(other.text)).status).toBe(401);
});

test.each([
  ['no header', {}],
  ['another scheme', { authorization: 'Basic c3RhbTpsaXZl' }],
  ['a scheme alone', { authorization: 'Bearer ' }],
  ['two words', { authorization: `Bearer ${adminKey} ${adminKey}` }],
  ['the key alone', { authorization: adminKey }],
])('api 1: %s is 401 and says what to send', async (_, headers) => {
  const response = await post(headers);
  expect(response.status).toBe(401);
  expect(await response.text()).toContain('authorization: Bearer stam_live_');
});

test('api 1: the scheme is read in any case; the key is not looked for in the URL', async () => {
  expect((await post({ authorization: `bEARER ${owner.key}` })).status).toBe(200);
  const response = await fetch(`${hub.url}/graphql?query={viewer{name}}&authorization=Bearer%20${owner.key}`);
  expect(response.status).toBe(401);
});

test('design C: a revoked key stops at once here, and within five seconds on another process of the hub', async () => {
  const other = await startTestHub({ clone: hub.clone, env: { STAMDATA_ROLES: 'api' } });
  try {
    const { apiKey, key } = await create({});
    expect([(await viewer(key!)).status, (await viewer(key!, other)).status]).toEqual([200, 200]);
    expect(await revoke(apiKey!.id)).toEqual({ deletedId: apiKey!.id, userErrors: [] });
    const since = Date.now();
    expect((await viewer(key!)).status).toBe(401);
    while ((await viewer(key!, other)).status === 200) expect(Date.now() - since).toBeLessThan(5_000);
  } finally {
    await other.stop();
  }
});

test('api 3: a key is revoked once and for all; a second time changes nothing; an unknown one is NOT_FOUND', async () => {
  const { apiKey } = await create({});
  const at = () => hub.clone.sql('SELECT revoked_at FROM api_key WHERE id = $1', [apiKey!.id]);
  await revoke(apiKey!.id);
  const first = await at();
  await revoke(apiKey!.id);
  expect(await at()).toEqual(first);
  for (const id of ['0', '-1', '999999999', 'x', '1e3', '99999999999999999999'])
    expect(await revoke(id), id).toMatchObject({ deletedId: null, userErrors: [{ code: 'NOT_FOUND', field: 'id' }] });
});

async function revoke(id: string) {
  const answer = await hub.request<{ revokeApiKey: { deletedId: string | null; userErrors: object[] } }>(
    'mutation ($id: ID!) { revokeApiKey(id: $id) { deletedId userErrors { code field } } }',
    { id },
  );
  return answer.data.revokeApiKey;
}

const post = (headers: Record<string, string>) =>
  fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ viewer { name } }' }),
  });
