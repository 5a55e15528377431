import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../feed/events.js';
import { startTestHub, type TestHub, type TestOwner } from '../../hub.js';
import { Wire } from './wire.js';

/*
 * What PROTOCOL.md of graphql-ws (graphql-transport-ws) asks of a server until operations begin, and of its messages as
 * such; operations.test.ts has the rest. Elsewhere are: closing at any time, with the reason in the code
 * (send-away.test.ts: 1001, slow-reader.test.ts: 4413, websocket.test.ts: 4403 for a key that was revoked), and which keys
 * are rejected with 4403 (websocket.test.ts).
 */

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
});
afterAll(() => hub.stop());

const open = () => Wire.open(hub.url);
const connected = async () => (await open()).connect(owner.key);
const init = () => ({ type: 'connection_init', payload: { authorization: `Bearer ${owner.key}` } });
const viewer = (id: string) => ({ id, type: 'subscribe', payload: { query: '{ viewer { name } }' } });
const createTag = (id: string, name: string) => ({
  ...{ id, type: 'subscribe' },
  payload: { query: `mutation { createTag(name: "${name}") { tag { id } } }` },
});

/** The code a socket is closed with, and what it heard before, when it sends this. */
async function closing(wire: Wire, ...messages: (object | string)[]): Promise<[number, string[]]> {
  wire.send(...messages);
  const { code } = await wire.closed;
  return [code, wire.messages.map(({ type }) => type)];
}

test.each<[string, string, () => Promise<void>]>([
  [
    'Communication',
    'the sub-protocol is graphql-transport-ws, and is found among others',
    async () => {
      for (const offer of ['graphql-transport-ws', 'graphql-ws, graphql-transport-ws', 'x,graphql-transport-ws,y'])
        expect((await (await Wire.open(hub.url, offer)).connect(owner.key)).protocol, offer).toBe(
          'graphql-transport-ws',
        );
    },
  ],
  [
    'Communication',
    'a client that speaks another one, or none, is closed with 4406 and not heard',
    async () => {
      for (const offer of ['graphql-ws', 'GRAPHQL-TRANSPORT-WS', 'mqtt, soap', null]) {
        const wire = await Wire.open(hub.url, offer);
        expect(wire.protocol, String(offer)).toBeNull();
        expect(await closing(wire, init(), viewer('1')), String(offer)).toEqual([4406, []]);
      }
    },
  ],
  [
    'Communication',
    'a client leaves with 1000, and is answered with the same',
    async () => {
      const wire = await connected();
      wire.leave();
      expect(await wire.closed).toEqual({ code: 1000, reason: '' });
    },
  ],
  [
    'ConnectionInit',
    'is waited for three seconds, then the socket is closed with 4408; pings do not lengthen that',
    async () => {
      const [silent, chatting] = [await open(), await open()];
      const since = Date.now();
      await chatting.settle();
      expect((await silent.closed).code).toBe(4408);
      expect(await chatting.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
      expect(Date.now() - since).toBeGreaterThan(2_500);
    },
  ],
  [
    'ConnectionInit',
    'more than one, at any time, closes with 4429',
    async () => {
      expect((await closing(await connected(), init()))[0]).toBe(4429);
      expect(await closing(await open(), init(), init())).toEqual([4429, []]);
    },
  ],
  [
    'ConnectionInit',
    'a connection that is rejected is closed with 4403, without a word before',
    async () => {
      for (const message of [{ type: 'connection_init' }, { type: 'connection_init', payload: null }])
        expect(await closing(await open(), message)).toEqual([4403, []]);
    },
  ],
  [
    'ConnectionAck',
    'answers the init, once, with nothing else in it',
    async () => {
      const wire = await connected();
      await wire.settle();
      expect(wire.messages.slice(0, -1)).toEqual([{ type: 'connection_ack' }]);
    },
  ],
  [
    'Ping',
    'is answered with a pong that has its payload, at any time: before the init, behind it, beside an operation',
    async () => {
      const wire = await open();
      await wire.settle({ at: 1 });
      wire.send(init(), { type: 'ping', payload: { at: 2 } });
      await eventually(() => wire.messages.length === 3, 'the acknowledgement');
      expect(wire.messages.slice(0, 2)).toEqual([
        { type: 'pong', payload: { at: 1 } },
        { type: 'pong', payload: { at: 2 } },
      ]);
    },
  ],
  [
    'Ping',
    'needs no payload, and its pong has none then',
    async () => {
      const wire = await open();
      wire.send({ type: 'ping' }, { type: 'ping', payload: null });
      await wire.settle();
      expect(wire.messages.slice(0, 2)).toEqual([{ type: 'pong' }, { type: 'pong' }]);
    },
  ],
  [
    'Pong',
    'may come without having been asked for, at any time, and is not answered',
    async () => {
      const wire = await open();
      wire.send({ type: 'pong' }, { type: 'pong', payload: { beat: 1 } });
      await wire.connect(owner.key);
      wire.send({ type: 'pong', payload: null });
      await wire.settle();
      expect(wire.messages.map(({ type }) => type)).toEqual(['connection_ack', 'pong']);
    },
  ],
  [
    'Subscribe',
    'before the acknowledgement closes with 4401: without an init, and while its key is looked up',
    async () => {
      expect(await closing(await open(), viewer('1'))).toEqual([4401, []]);
      expect(await closing(await open(), init(), viewer('1'))).toEqual([4401, []]);
    },
  ],
])('PROTOCOL.md, %s: %s', (_section, _sentence, holds) => holds());

const subscribe = (change: object, payload: object = {}) => ({
  ...{ id: '1', type: 'subscribe', ...change },
  payload: { query: '{ viewer { name } }', ...payload },
});

test.each<[string, object | string]>([
  ['nothing', ''],
  ['no JSON', 'nonsense'],
  ['half of a JSON text', '{"type":"ping"'],
  ['null', 'null'],
  ['a number', '7'],
  ['a text', '"ping"'],
  ['a list', '[{"type":"ping"}]'],
  ['no type', {}],
  ['a type that is no text', { type: 7 }],
  ['a type that does not exist', { type: 'start', id: '1', payload: { query: '{ viewer { name } }' } }],
  ['a type in other letters', { type: 'Ping' }],
  ['a name that every object has', { type: 'constructor' }],
  ['an acknowledgement, which only servers send', { type: 'connection_ack' }],
  ['a result, which only servers send', { type: 'next', id: '1', payload: { data: null } }],
  ['an error, which only servers send', { type: 'error', id: '1', payload: [{ message: 'x' }] }],
  ['an init with a text', { type: 'connection_init', payload: 'Bearer' }],
  ['an init with a list', { type: 'connection_init', payload: [] }],
  ['a ping with a text', { type: 'ping', payload: 'x' }],
  ['a pong with a list', { type: 'pong', payload: [] }],
  ['a completion without an id', { type: 'complete' }],
  ['a completion with a number', { type: 'complete', id: 1 }],
  ['an operation without an id', subscribe({ id: undefined })],
  ['an operation with an empty id', subscribe({ id: '' })],
  ['an operation with a number for an id', subscribe({ id: 1 })],
  ['an operation with a list for an id', subscribe({ id: ['1'] })],
  ['an operation without a payload', { id: '1', type: 'subscribe' }],
  ['an operation with a text for a payload', { id: '1', type: 'subscribe', payload: '{ viewer { name } }' }],
  ['an operation without a query', subscribe({}, { query: undefined })],
  ['a query that is no text', subscribe({}, { query: { kind: 'Document' } })],
  ['variables in a text', subscribe({}, { variables: '{}' })],
  ['variables in a list', subscribe({}, { variables: [] })],
  ['an operation name that is no text', subscribe({}, { operationName: 7 })],
  ['extensions in a list', subscribe({}, { extensions: [] })],
])('PROTOCOL.md, Invalid message: %s closes with 4400 at once; nothing behind it is done', async (what, message) => {
  const wire = await connected();
  expect(await closing(wire, message, createTag('2', 'never'))).toEqual([4400, ['connection_ack']]);
  expect((await wire.closed).reason, what).not.toBe('');
  expect(await closing(await open(), message), what).toEqual([4400, []]); // nor does it take an init to be one
  expect(await owner.gql('{ tags { name } }')).toEqual({ tags: [] });
});

test('PROTOCOL.md, Invalid message: one in a binary frame closes with 4400, as messages are text', async () => {
  const wire = await connected();
  wire.sendBinary(createTag('1', 'never'));
  expect((await wire.closed).code).toBe(4400);
  expect(await owner.gql('{ tags { name } }')).toEqual({ tags: [] });
});

test('PROTOCOL.md, Invalid message: what is not asked for may be there, and what may be null', async () => {
  const wire = await connected();
  wire.send(subscribe({ more: 1 }, { variables: null, operationName: null, extensions: null, more: [] }));
  await wire.settle();
  expect(wire.messages.some(({ type }) => type === 'pong')).toBe(true);
  wire.destroy();
});

test('PROTOCOL.md: what closes a socket stops what comes behind it, whatever it was', async () => {
  const wire = await connected();
  expect((await closing(wire, init(), createTag('1', 'never')))[0]).toBe(4429);
  expect((await closing(await open(), viewer('1'), init(), createTag('2', 'never')))[0]).toBe(4401);
  expect(await owner.gql('{ tags { name } }')).toEqual({ tags: [] });
});
