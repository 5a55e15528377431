import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { newKeyText } from '../../src/access/key-text.js';
import { eventually } from '../feed/events.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { overHttp } from './transports.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub({
    env: {
      STAMDATA_ROLES: 'api',
      STAMDATA_SOCKETS_PER_KEY: '3',
      STAMDATA_MESSAGES_PER_SECOND: '15',
      STAMDATA_WEBHOOK_CHANGES_PER_MINUTE: '4',
    },
  });
  owner = await hub.owner();
});
afterAll(() => hub.stop());

interface Opened {
  socket: WebSocket;
  messages: { id?: string; type: string; payload?: unknown }[];
  closed: Promise<{ code: number; reason: string }>;
  say: (message: object) => void;
}

/** A socket that has shown a key, and has been taken or closed. */
async function open(key: string): Promise<Opened> {
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const messages: Opened['messages'] = [];
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  const say = (message: object) => socket.send(JSON.stringify(message));
  socket.on('open', () => say({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } }));
  const answered = new Promise<void>((resolve) =>
    socket.on('message', (data: Buffer) => {
      messages.push(JSON.parse(data.toString()) as Opened['messages'][number]);
      resolve();
    }),
  );
  await Promise.race([answered, closed]);
  return { socket, messages, closed, say };
}

test('design C: a key has so many sockets, others have theirs, and one that closes makes room', async () => {
  const three = await Promise.all([1, 2, 3].map(() => open(owner.key)));
  expect(three.map(({ messages }) => messages[0]?.type)).toEqual(Array(3).fill('connection_ack'));
  expect(await (await open(owner.key)).closed).toEqual({ code: 4430, reason: 'this key has 3 sockets open already' });
  const other = await open(await owner.newKey(['changes:read']));
  expect(other.messages[0]?.type).toBe('connection_ack');
  three[0]!.socket.close();
  await three[0]!.closed;
  await eventually(async () => {
    const again = await open(owner.key);
    const taken = again.messages.length > 0;
    again.socket.close();
    await again.closed;
    return taken;
  }, 'there is room again');
  for (const { socket, closed } of [...three, other]) {
    socket.close();
    await closed;
  }
});

test('design C: a socket has up to 50 operations at a time, and what it has goes on', async () => {
  const { socket, messages, say, closed } = await open(await owner.newKey(['changes:read', 'customers:read']));
  const query = 'subscription { customerSnapshots { cursor } }';
  for (let i = 1; i <= 52; i++) say({ id: String(i), type: 'subscribe', payload: { query } });
  await eventually(async () => Promise.resolve(messages.length > 2), 'two were refused');
  expect(messages.slice(1).map(({ id, type }) => [id, type])).toEqual([
    ['51', 'error'],
    ['52', 'error'],
  ]);
  expect(messages[1]!.payload).toMatchObject([
    { extensions: { code: 'RATE_LIMITED', limit: { name: 'socketOperations', most: 50, found: 51 } } },
  ]);
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.close();
  await closed;
});

test('design C: who speaks faster than allowed is closed with 4431', async () => {
  const { say, closed } = await open(await owner.newKey(['changes:read']));
  for (let i = 0; i < 300; i++) say({ type: 'ping' });
  expect(await closed).toEqual({ code: 4431, reason: 'more than 15 messages a second' });
});

test('design C: webhooks are changed so often a minute by one key, over HTTP, and not more by several in one call', async () => {
  const change = (n: number) =>
    `mutation { ${Array.from({ length: n }, (_, i) => `a${i}: deleteWebhookEndpoint(id: "1") { userErrors { code } }`).join(' ')} }`;
  const [one, two] = [
    overHttp(hub, await owner.newKey(['webhooks:manage'])),
    overHttp(hub, await owner.newKey(['webhooks:manage'])),
  ];
  for (const n of [1, 3]) expect((await one({ query: change(n) })).data).toBeTruthy();
  const refused = await one({ query: change(1) });
  expect([refused.status, refused.errors?.[0]?.extensions.code]).toEqual([429, 'RATE_LIMITED']);
  expect(Number(refused.headers!.get('retry-after'))).toBeGreaterThan(0);
  expect((await one({ query: '{ webhookEndpoints { id } }' })).data).toBeTruthy();
  expect((await two({ query: change(1) })).data).toBeTruthy();
});

test('design C: after 20 wrong keys an address is told to wait, while a good key from it is taken', async () => {
  const guess = () => overHttp(hub, newKeyText().text)({ query: '{ viewer { name } }' });
  const statuses: number[] = [];
  for (let i = 0; i < 30; i++) statuses.push((await guess()).status!);
  expect(statuses.slice(0, 20)).toEqual(Array(20).fill(401));
  expect(statuses).toContain(429);
  const refused = await eventuallyRefused(guess);
  expect(Number(refused.headers!.get('retry-after'))).toBeGreaterThan(0);
  expect((await overHttp(hub, owner.key)({ query: '{ viewer { name } }' })).status).toBe(200);
  for (const path of ['/import/customers', '/import/results/1']) {
    const headers = { authorization: `Bearer ${newKeyText().text}` };
    const method = path.endsWith('1') ? 'GET' : 'POST';
    const door = await eventuallyRefused(() => fetch(`${hub.url}${path}`, { method, headers }));
    expect(Number(door.headers.get('retry-after')), path).toBeGreaterThan(0);
  }
  const without = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  expect(without.status).toBe(401);
  expect(await (await open(newKeyText().text)).closed).toMatchObject({ code: 4429 });
  expect((await open(owner.key)).messages[0]?.type).toBe('connection_ack');
});

/** The allowance fills up with time: one of several guesses in a row meets it empty. */
async function eventuallyRefused<Given extends { status?: number }>(guess: () => Promise<Given>): Promise<Given> {
  let answer = await guess();
  await eventually(async () => {
    if (answer.status !== 429) answer = await guess();
    return answer.status === 429;
  }, 'a guess is refused');
  return answer;
}
