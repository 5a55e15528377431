import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { newKeyText } from '../../src/access/key-text.js';
import { follow, startTestHub, type TestHub, type TestOwner } from '../hub.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
});
afterAll(() => hub.stop());

const address = () => `${hub.url.replace('http', 'ws')}/graphql`;
const init = (authorization: unknown, more = {}) => ({ type: 'connection_init', payload: { authorization, ...more } });

/** Opens a bare socket, sends the messages at once, and gives the code it was closed with. */
async function closeCode(...messages: (object | string)[]): Promise<number> {
  const socket = new WebSocket(address(), 'graphql-transport-ws');
  socket.once('open', () => {
    for (const message of messages) socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  });
  return new Promise((resolve) => socket.once('close', resolve));
}

test('api 3: a socket with a bad key, none, or an owner it does not cover is closed with 4403', async () => {
  const payloads = [
    init(`Bearer ${newKeyText().text}`),
    init('Bearer nonsense'),
    init(owner.key),
    init(undefined),
    init(['Bearer', owner.key]),
    init(`Bearer ${owner.key}`, { owner: 'NOWHERE' }),
    { type: 'connection_init' },
    { type: 'connection_init', payload: 'text' },
  ];
  expect(await Promise.all(payloads.map((payload) => closeCode(payload)))).not.toContain(1006);
  for (const payload of payloads.slice(0, 7)) expect(await closeCode(payload), JSON.stringify(payload)).toBe(4403);
});

test('api 1: the key is not taken from the URL or a header of the handshake', async () => {
  const socket = new WebSocket(`${address()}?authorization=Bearer%20${owner.key}`, 'graphql-transport-ws', {
    headers: { authorization: `Bearer ${owner.key}` },
  });
  socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
  expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(4403);
});

test('api 1: another path is refused', async () => {
  const elsewhere = new WebSocket(`${hub.url.replace('http', 'ws')}/other`, 'graphql-transport-ws');
  expect(await new Promise((resolve) => elsewhere.once('error', (error) => resolve(error.message)))).toContain('400');
});

test('api 1: queries and mutations work over WebSocket, and see what they wrote', async () => {
  const client = hub.subscriber(owner.key);
  const made = await follow<{ createTag: { tag: { name: string } } }>(
    client,
    'mutation { createTag(name: "ws") { tag { name } } }',
  ).next();
  expect(made.createTag.tag.name).toBe('ws');
  expect(await follow(client, '{ tags { name } }').next()).toEqual({ tags: [{ name: 'ws' }] });
});

test('api 3: errors of a request have the codes that they have over HTTP', async () => {
  const code = async (query: string, variables?: Record<string, unknown>) => {
    const answer = await follow(hub.subscriber(owner.key), query, variables)
      .nextResult()
      .catch((error: unknown) => ({ errors: error as { extensions: { code: string } }[] }));
    return answer.errors?.[0]?.extensions?.code;
  };
  const cases: [string, Record<string, unknown>?][] = [
    ['{ viewer { nonsense } }'],
    ['{ viewer { name '],
    ['query ($n: Int!) { customers(first: $n) { totalCount } }', { n: 'x' }],
    ['query ($n: Int!) { customers(first: $n) { totalCount } }'],
    ['{ customers(first: 0) { totalCount } }'],
    ['{ apiKeys { id } }'],
  ];
  for (const [query, variables] of cases) {
    const http = await hub.request(query, variables, { key: owner.key });
    expect(await code(query, variables), query).toBe(http.errors?.[0]?.extensions.code);
    expect(http.errors?.[0]?.extensions.code).toBeDefined();
  }
});

test('design C: more than 1,000 tokens are refused over WebSocket', async () => {
  const errors = await follow(hub.subscriber(owner.key), `{ ${'viewer { name } '.repeat(300)} }`)
    .nextResult()
    .catch((error: unknown) => error);
  expect(JSON.stringify(errors)).toContain('1000 tokens');
});

test('design C: 200 queries and mutations over one socket give every connection of the pool back', async () => {
  const client = hub.subscriber(owner.key);
  const read = '{ owner { id } customers(first: 1) { totalCount nodes { tags { id } } } }';
  const write = 'mutation { createTag(name: "ws") { tag { id } userErrors { code } } }';
  for (let round = 0; round < 10; round++)
    await Promise.all(Array.from({ length: 20 }, (_, i) => follow(client, i % 2 ? read : write).next()));
  const open = () =>
    hub.clone.sql(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'`);
  const deadline = Date.now() + 2_000;
  while ((await open()).length > 0) expect(Date.now()).toBeLessThan(deadline);
  expect((await owner.gql<{ owner: { id: string } }>('{ owner { id } }')).owner.id).toBe(owner.id);
});

test('design C: a socket whose key is revoked is closed with 4403 within five seconds', async () => {
  const key = await owner.newKey(['changes:read']);
  const closed = new Promise<number>((resolve) => {
    const client = createClient({
      ...{ url: address(), webSocketImpl: WebSocket, lazy: false, retryAttempts: 0, onNonLazyError: () => undefined },
      connectionParams: { authorization: `Bearer ${key}` },
      on: {
        connected: () => void revoke(key),
        closed: (event) => resolve((event as { code: number }).code),
      },
    });
    client.on('error', () => undefined);
  });
  const since = Date.now();
  expect(await closed).toBe(4403);
  expect(Date.now() - since).toBeLessThan(5_000);
});

/** Behind the hub's back, as another process would: this one finds it out by itself. */
const revoke = (key: string) =>
  hub.clone.sql('UPDATE api_key SET revoked_at = now() WHERE public_id = $1', [key.split('_')[2]]);
