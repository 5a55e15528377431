import type { Client } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { endOfFeed, startTestHub, type TestHub } from '../hub.js';
import { guestBook, type GuestBook } from '../snapshot/guest-book.js';
import { eventually, followEvents, pushes, wholeFeed } from './events.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.stop());

/** What arrives on a socket, spoken to in the bare protocol. */
async function rawSocket(key: string) {
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const messages: Message[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString('utf8')) as Message));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } });
  const ofOperation = (id: string, type?: string) =>
    messages.filter((message) => message.id === id && (type === undefined || message.type === type));
  return {
    socket,
    closed,
    messages,
    ofOperation,
    subscribe: (id: string, variables: object = {}) =>
      send({ id, type: 'subscribe', payload: { query: pushes, variables } }),
    query: (id: string, query: string) => send({ id, type: 'subscribe', payload: { query } }),
  };
}

interface Message {
  id?: string;
  type: string;
  payload?: unknown;
}

/** The code of an operation's refusal, whether it came as `error` or as a `next` with errors only. */
const codeOf = (messages: Message[]): string | undefined => {
  const [message] = messages;
  const errors = (
    message?.type === 'error' ? message.payload : (message?.payload as { errors?: unknown } | undefined)?.errors
  ) as { extensions: { code: string } }[] | undefined;
  return errors?.[0]?.extensions.code;
};

/** The socket serves another operation: it was not closed. */
async function stillServes(raw: Awaited<ReturnType<typeof rawSocket>>, id: string): Promise<void> {
  raw.query(id, '{ viewer { name } }');
  await eventually(() => raw.ofOperation(id, 'complete').length === 1, 'the query is answered');
  expect(raw.ofOperation(id, 'next')).toMatchObject([
    { payload: { data: { viewer: { name: expect.any(String) as string } } } },
  ]);
}

const closing = (client: Client): Promise<number> =>
  new Promise((resolve) => client.on('closed', (event) => resolve((event as { code: number }).code)));

describe('keys', () => {
  test.each(['nonsense', 'stam_live_0123456789_abcdefghijklmnopqrstuvwxyz012345_000000'])(
    '%s: closed with 4403',
    async (key) => {
      const raw = await rawSocket(key);
      expect(await raw.closed).toBe(4403);
      expect(raw.messages).toEqual([]);
    },
  );

  test('revoked: the socket is closed with 4403 within five seconds', async () => {
    const book = await guestBook(hub);
    const after = await endOfFeed(book.owner);
    const made = await hub.request<{ createApiKey: { apiKey: { id: string }; key: string } }>(
      'mutation ($input: ApiKeyInput!) { createApiKey(input: $input) { apiKey { id } key } }',
      { input: { name: 'short-lived', owners: [book.owner.code], scopes: ['changes:read'] } },
    );
    const { apiKey, key } = made.data.createApiKey;
    const client = hub.subscriber(key);
    const code = closing(client);
    const following = followEvents(client, { after });
    await book.guest();
    await following.take(1);
    const pending = following.take(1);
    pending.catch(() => undefined);
    const revokedAt = Date.now();
    await hub.request('mutation ($id: ID!) { revokeApiKey(id: $id) { deletedId } }', { id: apiKey.id });
    expect(await code).toBe(4403);
    expect(Date.now() - revokedAt).toBeLessThan(5_000);
    await expect(pending).rejects.toBeDefined();
  });

  test('without changes:read the operation is refused and the socket stays', async () => {
    const { owner } = await guestBook(hub);
    const raw = await rawSocket(await owner.newKey(['customers:read']));
    await eventually(() => raw.messages.length === 1, 'the connection is acknowledged');
    raw.subscribe('a');
    await eventually(() => raw.ofOperation('a').length > 0, 'an answer');
    expect(codeOf(raw.ofOperation('a'))).toBe('FORBIDDEN');
    await stillServes(raw, 'b');
    raw.socket.terminate();
  });
});

describe('D3: cursors that do not serve end the operation, not the socket', () => {
  const opened = async (book: GuestBook) => {
    const raw = await rawSocket(book.owner.key);
    await eventually(() => raw.messages.length === 1, 'the connection is acknowledged');
    return raw;
  };

  test('at the start: CURSOR_EXPIRED, BAD_USER_INPUT', async () => {
    const book = await guestBook(hub);
    const raw = await opened(book);
    const other = await guestBook(hub);
    raw.subscribe('ahead', { after: hub.hub.cursors.encode(book.owner.id, 99n) });
    raw.subscribe('foreign', { after: hub.hub.cursors.encode(other.owner.id, 0n) });
    raw.subscribe('garbage', { after: 'garbage' });
    for (const [id, code] of Object.entries({
      ahead: 'CURSOR_EXPIRED',
      foreign: 'BAD_USER_INPUT',
      garbage: 'BAD_USER_INPUT',
    })) {
      await eventually(() => raw.ofOperation(id).length > 0, `an answer to ${id}`);
      expect(codeOf(raw.ofOperation(id))).toBe(code);
    }
    await stillServes(raw, 'q');
    raw.socket.terminate();
  });

  test('in the middle: CURSOR_EXPIRED, while another operation of the same socket goes on', async () => {
    const book = await guestBook(hub);
    const waiting = hub.hub.tail.waiting;
    const raw = await opened(book);
    raw.subscribe('falls-behind');
    await eventually(() => hub.hub.tail.waiting === waiting + 1, 'the subscription waits');
    // as if it had been away while the feed before the next event was dropped
    await hub.clone.sql('UPDATE feed_head SET last_pos = 4, min_pos = 5 WHERE owner_id = $1', [book.owner.id]);
    raw.subscribe('goes-on', { after: hub.hub.cursors.encode(book.owner.id, 4n) });
    await book.guest();
    await eventually(() => raw.ofOperation('falls-behind').length > 0, 'the error');
    expect(raw.ofOperation('falls-behind')).toMatchObject([
      { type: 'error', payload: [{ extensions: { code: 'CURSOR_EXPIRED' } }] },
    ]);
    await eventually(() => raw.ofOperation('goes-on', 'next').length === 1, 'the event');
    await book.guest();
    await eventually(() => raw.ofOperation('goes-on', 'next').length === 2, 'the next event');
    expect(raw.ofOperation('falls-behind')).toHaveLength(1);
    await stillServes(raw, 'q');
    expect(await wholeFeed(book.owner)).toHaveLength(2);
    raw.socket.terminate();
  });
});
