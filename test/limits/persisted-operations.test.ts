import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashOf } from '../../src/limits/read-manifest.js';
import { adminKey, startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { overHttp, overWebSocket, type Answer, type Ask, type Request } from './transports.js';

const listed = 'query Who { viewer { name } }';
const changing = 'mutation Mark { createTag(name: "Listed") { userErrors { code } } }';
const twofold = 'query A { viewer { name } } query B { viewer { scopes } }';
const foreign = '{ viewer { name scopes } }';

const persisted = (sha256Hash: unknown, version = 1) => ({ extensions: { persistedQuery: { version, sha256Hash } } });
/** graphql-transport-ws wants a text, so a request by id has an empty one. */
const byId = (id: string): Request => ({ query: '', ...persisted(id) });

const home = mkdtempSync(join(tmpdir(), 'stamdata-persisted-'));
const file = join(home, 'operations.json');
writeFileSync(
  file,
  JSON.stringify({ [hashOf(listed)]: listed, [hashOf(changing)]: changing, 'two/1': twofold, 'who/1': listed }),
);
afterAll(() => rmSync(home, { recursive: true, force: true }));

const isListed: [string, Request][] = [
  ['its text', { query: listed }],
  ['its hash', byId(hashOf(listed))],
  ['its hash and its text', { ...byId(hashOf(listed)), query: listed }],
  ['its own id', byId('who/1')],
  ['its own id and its text', { ...byId('who/1'), query: listed }],
  ['the hash of a text that has another id', { ...byId(hashOf(twofold)), operationName: 'A' }],
  ['documentId', { query: '', documentId: hashOf(listed) }],
  ['documentId, as the draft has it', { query: '', documentId: `sha256:${hashOf(listed)}` }],
  ['id', { query: '', id: 'who/1' }],
  ['one of two operations', { query: twofold, operationName: 'A' }],
  ['its hash, and the cost asked for', { query: '', extensions: { ...byId(hashOf(listed)).extensions, cost: true } }],
];

const isForeign: [string, Request][] = [
  ['another text', { query: foreign }],
  ['a space more', { query: `${listed} ` }],
  ['another text under a listed hash', { ...byId(hashOf(listed)), query: foreign }],
  ['another text under a listed id', { query: foreign, documentId: 'who/1', id: 'who/1' }],
  ['an unknown hash', byId(hashOf(foreign))],
  ['a text to be registered', { ...byId(hashOf(foreign)), query: foreign }],
  ['a hash in a list', { query: '', ...persisted([hashOf(listed)]) }],
  ['another version', { query: '', ...persisted(hashOf(listed), 2) }],
  ['an id of every object', { query: '', id: '__proto__' }],
  ['nothing at all', { query: '' }],
  ['no GraphQL', { query: '{' }],
  ['introspection', { query: '{ __schema { queryType { name } } }' }],
];

let hub: TestHub;
let owner: TestOwner;
const asks: Record<string, Ask> = {};
const admins: Record<string, Ask> = {};
async function start(mode: string): Promise<void> {
  const env = { STAMDATA_PERSISTED_OPERATIONS: mode, STAMDATA_PERSISTED_OPERATIONS_FILE: file, STAMDATA_ROLES: 'api' };
  hub = await startTestHub({ env: { ...env, STAMDATA_MESSAGES_PER_SECOND: '1000' } });
  owner = await hub.owner();
  Object.assign(asks, { HTTP: overHttp(hub, owner.key), WebSocket: overWebSocket(hub, owner.key) });
  Object.assign(admins, { HTTP: overHttp(hub, adminKey), WebSocket: overWebSocket(hub, adminKey) });
}

const unlisted = async (): Promise<number> => {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  return Number(/^stamdata_unlisted_operations_total (\d+)$/m.exec(text)?.[1]);
};

const told = () => hub.logged.filter(({ message }) => message === 'an operation is not in the manifest');

function expectRefused({ status, data, errors }: Answer, name: string): void {
  expect(data, name).toBeUndefined();
  expect(errors, name).toHaveLength(1);
  expect(errors![0]!.extensions.code, name).toBe('PERSISTED_OPERATIONS_ONLY');
  expect(errors![0]!.message, name).toMatch(/its id in extensions\.persistedQuery\.sha256Hash .+ exact text/);
  if (status !== undefined) expect(status, name).toBe(200); // in plain JSON: see request-status.ts
}

describe('enforce', () => {
  beforeAll(() => start('enforce'));
  afterAll(() => hub.stop());

  test.each(['HTTP', 'WebSocket'])('issue 8: an operation of the manifest is executed, over %s', async (transport) => {
    for (const [name, request] of [...isListed, ...isListed]) {
      const answer = await asks[transport]!(request);
      expect(answer, name).toMatchObject({ data: { viewer: { name: expect.any(String) as string } } });
      expect(answer.errors, name).toBeUndefined();
      expect(answer.extensions !== undefined, name).toBe(request.extensions?.cost === true);
    }
    expect(await asks[transport]!(byId(hashOf(changing)))).toMatchObject({ data: { createTag: {} } });
  });

  test.each(['HTTP', 'WebSocket'])('issue 8: anything else is refused, over %s', async (transport) => {
    const before = await unlisted();
    // an operator has sent them, so that whatever remembers operations does
    for (const [, request] of isForeign) await admins[transport]!(request);
    for (const [name, request] of isForeign) expectRefused(await asks[transport]!(request), name);
    expect(await unlisted()).toBe(before + isForeign.length);
    expect(told()).toEqual([]);
  });

  test.each(['HTTP', 'WebSocket'])('issue 8: a key with admin sends what it likes, over %s', async (transport) => {
    const key = await owner.newKey(['admin']);
    const ask = transport === 'HTTP' ? overHttp(hub, key) : overWebSocket(hub, key);
    for (const one of [admins[transport]!, ask]) {
      expect(await one({ query: foreign })).toMatchObject({ data: { viewer: {} } });
      expect(await one({ query: foreign })).toMatchObject({ data: { viewer: {} } });
      expect(await one(byId('who/1'))).toMatchObject({ data: { viewer: {} } });
    }
  });

  test('issue 8: over WebSocket a subscription of another text is refused as well', async () => {
    expectRefused(await asks.WebSocket!({ query: 'subscription { customerEvents { cursor } }' }), 'subscription');
  });

  test('issue 8: what is no request is no way past', async () => {
    for (const body of [[], [{ query: listed }], null, 'text', 7, { query: 7 }, { query: [foreign] }, { query: {} }])
      expect(await (await post(body)).json(), JSON.stringify(body)).toMatchObject({
        errors: [{ extensions: { code: 'PERSISTED_OPERATIONS_ONLY' } }],
      });
  });

  test('issue 8: in plain JSON the refusal has the status 200, as any of an operation', async () => {
    expect((await post({ query: foreign })).status).toBe(200);
    expect((await post({ query: foreign }, 'application/graphql-response+json')).status).toBe(400);
  });

  test('issue 8: by GET too', async () => {
    await get({ query: foreign }, adminKey);
    const extensions = JSON.stringify(persisted(hashOf(listed)).extensions);
    const found: Record<string, string>[] = [
      { query: listed },
      { extensions },
      { documentId: 'who/1' },
      { id: 'two/1', operationName: 'A' },
    ];
    for (const search of found)
      expect(await get(search), JSON.stringify(search)).toMatchObject({ data: { viewer: {} } });
    const others: Record<string, string>[] = [
      {},
      { query: foreign },
      { query: foreign, extensions },
      { extensions: '{' },
    ];
    for (const search of others)
      expect(await get(search), JSON.stringify(search)).toMatchObject({
        errors: [{ extensions: { code: 'PERSISTED_OPERATIONS_ONLY' } }],
      });
    const twice = `query=${encodeURIComponent(listed)}&query=${encodeURIComponent(foreign)}`;
    expect(await get(twice)).toEqual({ data: { viewer: { name: expect.any(String) as string } } });
  });
});

describe('log', () => {
  beforeAll(() => start('log'));
  beforeEach(() => void hub.logged.splice(0));
  afterAll(() => hub.stop());

  test.each(['HTTP', 'WebSocket'])(
    'issue 8: what is listed is neither counted nor told, over %s',
    async (transport) => {
      const before = await unlisted();
      for (const [name, request] of isListed)
        expect(await asks[transport]!(request), name).toMatchObject({ data: { viewer: {} } });
      await admins[transport]!({ query: foreign });
      expect(await unlisted()).toBe(before);
      expect(told()).toEqual([]);
    },
  );

  test.each(['HTTP', 'WebSocket'])('issue 8: others pass, counted each time, told once, over %s', async (transport) => {
    const before = await unlisted();
    const query = `{ viewer { name } } # ${transport}`;
    const mutation = `mutation { createTag(name: "${transport}") { userErrors { code } } }`;
    for (let i = 0; i < 3; i++) expect(await asks[transport]!({ query })).toMatchObject({ data: { viewer: {} } });
    expect(await asks[transport]!({ query: mutation })).toMatchObject({ data: { createTag: { userErrors: [] } } });
    expect(await asks[transport]!({ query: '{' })).toMatchObject({ errors: [{}] });
    expect(await unlisted()).toBe(before + 5);
    const fields = { requestId: expect.any(String) as string };
    expect(told().map((line) => line.fields)).toEqual([
      { ...fields, operation: 'query' },
      { ...fields, operation: 'mutation' },
    ]);
    expect(JSON.stringify(hub.logged)).not.toContain('viewer');
  });

  test('issue 8: clients still register their own texts', async () => {
    const query = '{ viewer { name } } # registered';
    const send = async (body: object) => (await post({ ...body, ...persisted(hashOf(query)) })).json();
    expect(await send({})).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] });
    expect(await send({ query })).toMatchObject({ data: { viewer: {} } });
    expect(await send({})).toMatchObject({ data: { viewer: {} } });
    expect(told()).toHaveLength(1);
  });

  test('issue 8: the log is told of 1,000 texts, and no more', { timeout: 60_000 }, async () => {
    for (let i = 0; i < 1_020; i += 20)
      await Promise.all(Array.from({ length: 20 }, (_, j) => post({ query: `{ __typename } # ${i + j}` })));
    expect(told().length).toBeLessThanOrEqual(1_000); // and those of the tests before
    const before = told().length;
    await post({ query: '{ __typename } # one more' });
    expect(told()).toHaveLength(before);
    expect(told().length).toBeGreaterThan(900);
  });
});

test('issue 8: with off there is no such figure', async () => {
  const plain = await startTestHub({ env: { STAMDATA_ROLES: 'api', STAMDATA_PERSISTED_OPERATIONS_FILE: file } });
  try {
    expect((await plain.request(foreign)).errors).toBeUndefined();
    expect(await (await fetch(`${plain.url}/metrics`)).text()).not.toContain('stamdata_unlisted_operations_total');
  } finally {
    await plain.stop();
  }
});

const post = (body: unknown, accept = 'application/json') =>
  fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${owner.key}` },
    body: JSON.stringify(body),
  });

async function get(search: Record<string, string> | string, key = owner.key): Promise<unknown> {
  const response = await fetch(`${hub.url}/graphql?${new URLSearchParams(search).toString()}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return response.json();
}
