import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
});
afterAll(() => hub.stop());

interface Shown {
  id: string;
  name: string;
  scopes: string[];
  expiresAt: string | null;
  revokedAt: string | null;
  replacedBy: string | null;
  owners: string[];
}
interface Rotated {
  apiKey: Shown | null;
  key: string | null;
  userErrors: { code: string; field: string; message: string }[];
}

test('design C: a rotated key goes on beside the new one, which may do the same, and ends with its grace', async () => {
  const { id, key } = await made({ scopes: ['customers:read', 'changes:read'] });
  const rotated = await rotate(id, 24);
  expect(rotated).toMatchObject({ userErrors: [], apiKey: { name: 'till', expiresAt: null } });
  expect(await Promise.all([statusOf(key), statusOf(rotated.key!)])).toEqual([200, 200]);
  const [old, young] = [await shown(id), await shown(rotated.apiKey!.id)];
  expect(old).toMatchObject({ replacedBy: young.id, revokedAt: null });
  const graceMs = Date.parse(old.expiresAt!) - (await databaseTime());
  expect(Math.abs(graceMs - 24 * 3_600_000)).toBeLessThan(60_000);
  expect(young).toMatchObject({ scopes: ['customers:read', 'changes:read'], owners: [owner.code], replacedBy: null });
  await hub.clone.sql(`UPDATE api_key SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
  hub.hub.authenticator.forget(id);
  expect(await Promise.all([statusOf(key), statusOf(rotated.key!)])).toEqual([401, 200]);
});

test('design C: with graceHours 0 the old key ends at once', async () => {
  const { id, key } = await made({});
  expect(await statusOf(key)).toBe(200);
  const rotated = await rotate(id, 0);
  expect(await Promise.all([statusOf(key), statusOf(rotated.key!)])).toEqual([401, 200]);
});

test('design C: a key that ends keeps its end if that is sooner, and its successor lives as long as it was to live', async () => {
  const { id } = await made({ expiresAt: new Date((await databaseTime()) + 3_600_000).toISOString() });
  const { expiresAt: end } = await shown(id);
  const { apiKey } = await rotate(id, 24);
  expect((await shown(id)).expiresAt).toBe(end);
  expect(Date.parse(apiKey!.expiresAt!)).toBeGreaterThanOrEqual(Date.parse(end!));
  expect(Date.parse(apiKey!.expiresAt!) - Date.parse(end!)).toBeLessThan(60_000);
});

test('design C: of a key and those before it two are live at most: a second rotation ends the first one', async () => {
  const first = await made({});
  const second = await rotate(first.id, 24);
  expect(await statusOf(first.key)).toBe(200);
  const third = await rotate(second.apiKey!.id, 24);
  expect(await Promise.all([first.key, second.key!, third.key!].map(statusOf))).toEqual([401, 200, 200]);
  expect((await shown(first.id)).revokedAt).not.toBeNull();
});

test('design C: of twenty rotations of a key at once one makes a key', async () => {
  const { id } = await made({});
  const all = await Promise.all(Array.from({ length: 20 }, () => rotate(id, 24)));
  expect(all.filter(({ key }) => key !== null)).toHaveLength(1);
  const { replacedBy } = await shown(id);
  for (const { key, userErrors } of all)
    if (key === null)
      expect(userErrors[0]!.message).toBe(
        `invalid id (this key was rotated already: rotate ${replacedBy}, which replaced it)`,
      );
});

test('api 3: what cannot be rotated says why, and makes no key', async () => {
  const [revoked, expired, live] = [await made({}), await made({}), await made({})];
  await hub.request('mutation ($id: ID!) { revokeApiKey(id: $id) { deletedId } }', { id: revoked.id });
  await hub.clone.sql(`UPDATE api_key SET expires_at = now() WHERE id = $1`, [expired.id]);
  const count = () => hub.clone.sql('SELECT count(*) FROM api_key');
  const before = await count();
  for (const [id, hours, code, message] of [
    [revoked.id, 1, 'INVALID', 'invalid id (this key is revoked)'],
    [expired.id, 1, 'INVALID', 'invalid id (this key has expired)'],
    ['987654321', 1, 'NOT_FOUND', 'invalid id (no such key)'],
    ['x', 1, 'NOT_FOUND', 'invalid id (no such id)'],
    [live.id, -1, 'OUT_OF_RANGE', 'invalid graceHours (0 to 720)'],
    [live.id, 721, 'OUT_OF_RANGE', 'invalid graceHours (0 to 720)'],
  ] as const) {
    const { apiKey, key, userErrors } = await rotate(id, hours);
    expect([apiKey, key, userErrors]).toMatchObject([null, null, [{ code, message }]]);
  }
  expect(await count()).toEqual(before);
});

test('api 1: a key that covers one owner rotates none that covers two', async () => {
  const other = await hub.owner();
  const admin = await owner.newKey(['admin']);
  const { id } = await made({ owners: [owner.code, other.code] });
  expect((await rotate(id, 1, admin)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect((await shown(id)).replacedBy).toBeNull();
});

async function made(input: object): Promise<{ id: string; key: string }> {
  const { data } = await hub.request<{ createApiKey: { apiKey: { id: string }; key: string } }>(
    'mutation ($input: ApiKeyInput!) { createApiKey(input: $input) { apiKey { id } key } }',
    { input: { name: 'till', owners: [owner.code], scopes: ['customers:read'], ...input } },
  );
  return { id: data.createApiKey.apiKey.id, key: data.createApiKey.key };
}

async function rotate(id: string, graceHours: number, key?: string): Promise<Rotated> {
  const { data } = await hub.request<{ rotateApiKey: Rotated }>(
    `mutation ($id: ID!, $hours: Int!) { rotateApiKey(id: $id, graceHours: $hours) {
      apiKey { id name scopes expiresAt } key userErrors { code field message } } }`,
    { id, hours: graceHours },
    key === undefined ? {} : { key },
  );
  return data.rotateApiKey;
}

async function shown(id: string): Promise<Shown> {
  const { data } = await hub.request<{ apiKeys: Shown[] }>(
    '{ apiKeys { id name scopes owners expiresAt revokedAt replacedBy } }',
  );
  return data.apiKeys.find((key) => key.id === id)!;
}

const statusOf = async (key: string): Promise<number> => (await hub.request('{ viewer { name } }', {}, { key })).status;

async function databaseTime(): Promise<number> {
  const [row] = await hub.clone.sql<{ at: Date }>('SELECT now() AS at');
  return row!.at.getTime();
}
