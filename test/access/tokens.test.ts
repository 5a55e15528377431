import { createHmac } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { exportSPKI, importJWK, type CryptoKey, type JWTPayload } from 'jose';
import WebSocket from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { follow, startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { Issuer } from './issuer.js';

let issuer: Issuer;
let hub: TestHub;
let owner: TestOwner;
let mine: JWTPayload;
beforeAll(async () => {
  issuer = await new Issuer().start();
  await issuer.addKey('one', 'RS256');
  await issuer.addKey('two', 'ES256');
  await issuer.addKey('three', 'EdDSA');
  hub = await startTestHub({ env: { OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: 'stamdata' } });
  owner = await hub.owner();
  mine = { stamdata_owner: owner.code, scope: 'openid customers:read customers:bulk changes:read profile' };
});
afterAll(async () => {
  await hub.stop();
  await issuer.stop();
});

const seconds = () => Math.floor(Date.now() / 1_000);
const viewer = (key: string, picked?: string) =>
  hub.request<{ viewer: object }>(
    '{ viewer { name scopes owners { code } } }',
    {},
    { key, ...(picked ? { owner: picked } : {}) },
  );

test.each(['one', 'two', 'three'])(
  'OIDC: a token of the issuer is who its claims say, signed with key %s',
  async (kid) => {
    const { data } = await viewer(await issuer.sign(mine, { kid }));
    expect(data.viewer).toEqual({
      name: 'till-7',
      scopes: ['customers:read', 'customers:bulk', 'changes:read'],
      owners: [{ code: owner.code }],
    });
  },
);

test('OIDC: a token of several owners picks one as a key does; one of another owner is FORBIDDEN', async () => {
  const other = await hub.owner();
  const token = await issuer.sign({ ...mine, stamdata_owner: [owner.code.toLowerCase(), other.code, 'NOWHERE'] });
  expect((await viewer(token)).data.viewer).toMatchObject({
    owners: [owner.code, other.code].sort().map((code) => ({ code })),
  });
  const ask = '{ owner { code } }';
  const picked = await hub.request<{ owner: object }>(ask, {}, { key: token, owner: other.code });
  expect(picked.data.owner).toEqual({ code: other.code });
  expect((await hub.request(ask, {}, { key: token })).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  const stranger = await hub.owner();
  expect((await viewer(token, stranger.code)).status).toBe(403);
  expect((await viewer(token, 'NOWHERE')).status).toBe(403);
});

test('OIDC: the scopes of the token are all it may do, admin over its owner too, and never over all', async () => {
  const reader = await issuer.sign(mine);
  const refused = await hub.request('mutation { createTag(name: "x") { tag { id } } }', {}, { key: reader });
  expect(refused.errors?.[0]?.message).toBe('this key lacks the scope customers:write');
  const admin = await issuer.sign({ ...mine, scope: ['admin'] });
  const { errors } = await hub.request(
    'mutation { createOwner(input: { code: "MINE" }) { owner { id } } }',
    {},
    { key: admin },
  );
  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

test('OIDC: it is taken over WebSocket, by the import door, and by Netstorming in header and body', async () => {
  const token = await issuer.sign(mine);
  const told = await follow<{ viewer: { name: string } }>(hub.subscriber(token), '{ viewer { name } }').next();
  expect(told.viewer.name).toBe('till-7');
  const imported = await fetch(`${hub.url}/import/customers?dryRun=true&owner=${owner.code}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body: 'code,name\nnobody,Nobody\n',
  });
  expect(await imported.text()).toContain('"done":true');
  const call = { owner_code: owner.code, dry_run: true, customers: [{}] };
  expect(await netstorming({ authorization: `Bearer ${token}` }, call)).toBe(200);
  expect(await netstorming({}, { ...call, key: token })).toBe(200);
  const another = await issuer.sign({ ...mine, sub: 'till-8' });
  expect(await netstorming({ authorization: `Bearer ${token}` }, { ...call, key: another })).toBe(401);
});

test('OIDC: clocks may differ by a minute, and no more', async () => {
  const at = seconds();
  const near = [{ exp: at - 5 }, { nbf: at + 50 }];
  for (const times of near) expect((await viewer(await issuer.sign({ ...mine, ...times }))).status).toBe(200);
  const far = [{ exp: at - 75 }, { nbf: seconds() + 600 }];
  for (const times of far) expect((await viewer(await issuer.sign({ ...mine, ...times }))).status).toBe(401);
});

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = () => ({ iss: issuer.url, aud: 'stamdata', sub: 'till-7', exp: seconds() + 300, ...mine });
const publicKey = async () =>
  (await importJWK(issuer.keys.get('one')!.publicJwk, 'RS256', { extractable: true })) as CryptoKey;
const hs256 = (secret: string): Promise<string> => {
  const text = `${part({ alg: 'HS256', kid: 'one' })}.${part(claims())}`;
  return Promise.resolve(`${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`);
};

test.each<[string, string, number, () => Promise<string>]>([
  ['expired', 'token_expired', 401, () => issuer.sign({ ...mine, exp: seconds() - 3_600 })],
  ['not yet valid', 'token_not_yet_valid', 401, () => issuer.sign({ ...mine, nbf: seconds() + 3_600 })],
  ['for another audience', 'token_claims', 401, () => issuer.sign({ ...mine, aud: 'elsewhere' })],
  ['for no audience', 'token_claims', 401, () => issuer.sign({ ...mine, aud: undefined! })],
  ['of another issuer', 'token_claims', 401, () => issuer.sign({ ...mine, iss: 'https://example.org' })],
  ['without an end', 'token_claims', 401, () => issuer.sign({ ...mine, exp: undefined! })],
  ['without a subject', 'token_claims', 401, () => issuer.sign({ ...mine, sub: undefined! })],
  ['with an empty subject', 'token_claims', 401, () => issuer.sign({ ...mine, sub: '' })],
  ['without an owner', 'token_no_owner', 403, () => issuer.sign({ ...mine, stamdata_owner: undefined })],
  ['of an owner that there is not', 'token_no_owner', 403, () => issuer.sign({ ...mine, stamdata_owner: 'NOWHERE' })],
  ['of every owner, by a star', 'token_no_owner', 403, () => issuer.sign({ ...mine, stamdata_owner: '*' })],
  ['with alg none', 'token_invalid', 401, () => Promise.resolve(`${part({ alg: 'none' })}.${part(claims())}.`)],
  [
    'with HS256 and the public key as PEM',
    'token_invalid',
    401,
    async () => hs256(await exportSPKI(await publicKey())),
  ],
  [
    'with HS256 and the public key as JWK',
    'token_invalid',
    401,
    () => hs256(JSON.stringify(issuer.keys.get('one')!.publicJwk)),
  ],
  [
    'of an unknown key id',
    'token_invalid',
    401,
    async () => issuer.sign(mine, { kid: 'four', key: await strangersKey() }),
  ],
  [
    "with a known key id and a stranger's key",
    'token_invalid',
    401,
    async () => issuer.sign(mine, { kid: 'two', key: await strangersKey() }),
  ],
  [
    'altered',
    'token_invalid',
    401,
    async () => (await issuer.sign(mine)).replace(/\.[^.]+\./, `.${part({ ...claims(), scope: 'admin' })}.`),
  ],
  ['without a signature', 'token_invalid', 401, async () => (await issuer.sign(mine)).replace(/[^.]+$/, '')],
  ['longer than 8 KiB', 'malformed', 401, () => issuer.sign({ ...mine, padding: 'x'.repeat(8_192) })],
])('OIDC: a token %s is refused and counted as %s', async (_, reason, status, make) => {
  const { refused } = hub.hub.authenticator;
  const before = refused[reason as keyof typeof refused];
  const token = await make();
  const answer = await viewer(token);
  expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([
    status,
    status === 401 ? 'UNAUTHENTICATED' : 'FORBIDDEN',
  ]);
  expect(refused[reason as keyof typeof refused]).toBe(before + 1);
  expect(JSON.stringify([answer, hub.logged])).not.toContain(token.split('.')[2] || token);
});

test('OIDC: a socket is closed with 4403 when its token has expired', { timeout: 60_000 }, async () => {
  const token = await issuer.sign({ ...mine, exp: seconds() - 60 + 8 });
  let connected = false;
  const closed = new Promise<number>((resolve) => {
    const client = createClient({
      url: `${hub.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
      on: { connected: () => (connected = true), closed: (event) => resolve((event as { code: number }).code) },
    });
    client.subscribe(
      { query: 'subscription { customerSnapshots { cursor } }' },
      { next: () => undefined, error: () => undefined, complete: () => undefined },
    );
  });
  expect([await closed, connected]).toEqual([4403, true]);
});

const strangersKey = async () => await new Issuer().addKey('stranger', 'ES256');

const netstorming = async (headers: Record<string, string>, body: object): Promise<number> => {
  const response = await fetch(`${hub.url}/api/customers/insert`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  await response.text();
  return response.status;
};
