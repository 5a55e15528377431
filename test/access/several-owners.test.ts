import { afterAll, beforeAll, expect, test } from 'vitest';
import { scopes, type Scope } from '../../src/access/scope.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

let hub: TestHub;
let north: TestOwner;
let south: TestOwner;
let stranger: TestOwner;
let key: string;
beforeAll(async () => {
  hub = await startTestHub();
  [north, south, stranger] = [await hub.owner('NORTH'), await hub.owner('SOUTH'), await hub.owner('ELSE')];
  key = await keyOf([north.code, south.code], [...scopes]);
});
afterAll(() => hub.stop());

async function keyOf(owners: string[], held: Scope[], as?: string): Promise<string> {
  const { data } = await hub.request<{ createApiKey: { key: string } }>(
    'mutation ($input: ApiKeyInput!) { createApiKey(input: $input) { key userErrors { message } } }',
    { input: { name: 'of several', owners, scopes: held } },
    as ? { key: as } : {},
  );
  return data.createApiKey.key;
}

test('api 1: a key of several owners must pick one; the refusal names them and where to say it', async () => {
  const { errors } = await hub.request('{ owner { code } }', {}, { key });
  expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  for (const part of ['NORTH', 'SOUTH', 'stamdata-owner', 'connectionParams.owner'])
    expect(errors![0]!.message).toContain(part);
  expect(errors![0]!.message).not.toContain('ELSE');
});

test('api 1: the header picks the owner, in either case', async () => {
  for (const [header, code] of [
    ['NORTH', 'NORTH'],
    ['south', 'SOUTH'],
  ]) {
    const { data } = await hub.request<{ owner: { code: string } }>('{ owner { code } }', {}, { key, owner: header! });
    expect(data.owner.code).toBe(code);
  }
});

test('api 1: an owner that the key does not cover, there or not, is 403 in the same words', async () => {
  const answers = [];
  for (const owner of ['ELSE', 'NOWHERE', '']) {
    const answer = await hub.request('{ viewer { name } }', {}, { key, owner });
    expect(answer.status).toBe(403);
    answers.push(answer.errors![0]!.message.replace(JSON.stringify(owner), '…'));
    expect(answer.errors![0]!.extensions.code).toBe('FORBIDDEN');
  }
  expect(new Set(answers).size).toBe(1);
});

test('api 1: over WebSocket connectionParams.owner picks; without one the operation is refused, not the socket', async () => {
  const picked = hub.subscriber(key, 'SOUTH').iterate<{ owner: { code: string } }>({ query: '{ owner { code } }' });
  expect((await picked.next()).value).toEqual({ data: { owner: { code: 'SOUTH' } } });
  const none = hub.subscriber(key).iterate({ query: '{ owner { code } }' });
  expect(JSON.stringify(await none.next())).toContain('stamdata-owner');
});

test('api 1: a key of one owner needs no header, and may send it', async () => {
  const one = await north.newKey(['customers:read']);
  for (const options of [{ key: one }, { key: one, owner: 'north' }]) {
    const { data } = await hub.request<{ owner: { code: string } }>('{ owner { code } }', {}, options);
    expect(data.owner.code).toBe('NORTH');
  }
});

test('api 3: an owner named in an input is meant by that field alone, never by those around it', async () => {
  const mutation = `mutation ($code: String!) {
    before: createTag(name: "before") { tag { name } }
    recordOrders(input: { ownerCode: $code, orders: [] }) { dryRun }
    after: createTag(name: "after") { tag { name } }
  }`;
  const picked = await hub.request(mutation, { code: 'SOUTH' }, { key, owner: 'NORTH' });
  expect(picked.errors).toBeUndefined();
  expect(await north.gql('{ tags { name } }')).toEqual({ tags: [{ name: 'before' }, { name: 'after' }] });
  expect(await south.gql('{ tags { name } }')).toEqual({ tags: [] });
  const unpicked = await hub.request(mutation, { code: 'SOUTH' }, { key });
  expect(unpicked.errors?.map(({ path }) => path)).toEqual([['before']]);
  expect(await south.gql('{ tags { name } }')).toEqual({ tags: [] });
});

test('api 3: input owners need no header, cover several owners in one request, and are judged one by one', async () => {
  const answer = await hub.request<Record<string, object>>(
    `mutation {
      a: updateOwner(input: { code: "north", name: "The north" }) { owner { code name } }
      b: updateOwner(input: { code: "SOUTH", name: "The south" }) { owner { code name } }
    }`,
    {},
    { key },
  );
  expect(answer.data).toEqual({
    a: { owner: { code: 'NORTH', name: 'The north' } },
    b: { owner: { code: 'SOUTH', name: 'The south' } },
  });
  const foreign = await hub.request(
    'mutation { updateOwner(input: { code: "ELSE", name: "Mine" }) { owner { code } } }',
    {},
    { key },
  );
  expect(foreign.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

test('api 1: a key gives no owner away that it does not cover, and ends none that covers more than itself', async () => {
  const partial = await keyOf(['NORTH'], ['admin']);
  const answer = await hub.request(
    'mutation { createApiKey(input: { name: "more", owners: ["NORTH", "SOUTH"], scopes: ["admin"] }) { key } }',
    {},
    { key: partial },
  );
  expect([answer.data, answer.errors?.[0]?.extensions.code]).toEqual([null, 'FORBIDDEN']);
  const [both] = await hub.clone.sql<{ id: string }>('SELECT id FROM api_key WHERE public_id = $1', [
    key.split('_')[2],
  ]);
  const revoked = await hub.request<{ revokeApiKey: { userErrors: object[] } }>(
    'mutation ($id: ID!) { revokeApiKey(id: $id) { userErrors { code } } }',
    { id: both!.id },
    { key: partial },
  );
  expect(revoked.data.revokeApiKey.userErrors).toEqual([{ code: 'NOT_FOUND' }]);
  expect((await hub.request('{ viewer { name } }', {}, { key, owner: 'NORTH' })).status).toBe(200);
});

test('design C: of a key of several owners each of them is told of itself alone; who covers all, of all', async () => {
  const told = async (as: { key: string; owner?: string }) => {
    const { data } = await hub.request<{ apiKeys: { name: string; owners: string[] }[] }>(
      '{ apiKeys { name owners } }',
      {},
      as,
    );
    return data.apiKeys.find(({ name }) => name === 'of several')!.owners;
  };
  expect(await told({ key: await keyOf(['NORTH'], ['admin']) })).toEqual(['NORTH']);
  expect(await told({ key, owner: 'NORTH' })).toEqual(['NORTH', 'SOUTH']);
});

test('api 1: STAMDATA_ADMIN_KEY has every scope on every owner, and picks like any key of several', async () => {
  const { data } = await hub.request<{ viewer: { scopes: string[]; owners: { code: string }[] } }>(
    '{ viewer { scopes owners { code } } }',
  );
  expect(data.viewer.scopes).toEqual([...scopes]);
  expect(data.viewer.owners.map(({ code }) => code)).toEqual(['ELSE', 'NORTH', 'SOUTH']);
  const picked = await hub.request<{ owner: { id: string } }>('{ owner { id } }', {}, { owner: 'else' });
  expect(picked.data.owner.id).toBe(stranger.id);
  expect((await hub.request('{ owner { code } }')).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect((await hub.request('{ owner { code } }', {}, { owner: 'NOWHERE' })).status).toBe(403);
});

test('api 1: the admin key is valid while it is set: unset, it is no key', async () => {
  const without = await startTestHub({ clone: hub.clone, env: { STAMDATA_ADMIN_KEY: '', STAMDATA_ROLES: 'api' } });
  try {
    expect((await without.request('{ viewer { name } }')).status).toBe(401);
    expect((await without.request('{ viewer { name } }', {}, { key: north.key })).status).toBe(200);
  } finally {
    await without.stop();
  }
});
