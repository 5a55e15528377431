import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import WebSocket from 'ws';
import { Admission } from '../../src/limits/admission.js';
import { createSchema } from '../../src/schema.js';
import { createGraphqlWs } from '../../src/server/graphql-ws.js';
import { blockedIn, holdRows } from '../faults/held-rows.js';
import { eventually } from '../feed/events.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_SOCKETS_PER_KEY: '1000' } });
  owner = await hub.owner();
});
afterAll(() => hub.stop());

// A door of the test's own, so that it can be closed in a test's time, and more than once.
let server: Server;
let door: ReturnType<typeof createGraphqlWs>;
beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const schema = await createSchema();
  door = createGraphqlWs(hub.hub, schema, { admission: new Admission(schema), operations: null }, server);
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const port = () => (server.address() as AddressInfo).port;

interface Message {
  id?: string;
  type: string;
  payload?: unknown;
}

/** A client in the bare protocol, acknowledged, with all that it hears. */
async function openSocket() {
  const socket = new WebSocket(`ws://127.0.0.1:${port()}/graphql`, 'graphql-transport-ws');
  const messages: Message[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as Message));
  const closed = new Promise<{ code: number; at: number; heard: number }>((resolve) =>
    socket.once('close', (code) => resolve({ code, at: performance.now(), heard: messages.length })),
  );
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ type: 'connection_init', payload: { authorization: `Bearer ${owner.key}` } });
  await eventually(() => messages.length === 1, 'the socket is acknowledged');
  const ask = (id: string, query: string) => send({ id, type: 'subscribe', payload: { query } });
  return { messages, closed, ask };
}

test('D 13: sockets are told to go away one after another, and not all at once', async () => {
  const clients = await Promise.all(Array.from({ length: 200 }, openSocket));
  clients[0]!.ask('1', 'subscription { customerSnapshots { cursor } }');
  const since = performance.now();
  await door.stop({ spreadMs: 2_000, patienceMs: 10_000 });
  const ends = await Promise.all(clients.map(({ closed }) => closed));
  expect(new Set(ends.map(({ code }) => code))).toEqual(new Set([1001]));
  // no timer fires early: the last one is told after 199 steps
  expect(Math.max(...ends.map(({ at }) => at)) - since).toBeGreaterThan(1_900);
  const times = ends.map(({ at }) => at).sort((a, b) => a - b);
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(200);
  // `complete` would tell the client not to come back
  expect(clients[0]!.messages.map(({ type }) => type)).toEqual(['connection_ack']);
});

test('D 13: with no time to spread them all are told at once', async () => {
  const clients = await Promise.all([openSocket(), openSocket()]);
  await door.stop({ spreadMs: 0, patienceMs: 10_000 });
  for (const { closed } of clients) expect(await closed).toMatchObject({ code: 1001 });
});

test('D 13: a mutation that is under way on a socket is answered before the socket is told', async () => {
  const { createCustomer } = await owner.gql<{ createCustomer: { customer: { id: string } } }>(
    'mutation { createCustomer(input: { code: "BUSY", name: "Early" }) { customer { id } } }',
  );
  const { id } = createCustomer.customer;
  const held = await holdRows(hub.clone.connection, 'SELECT FROM customer WHERE id = $1 FOR UPDATE', [id]);
  try {
    const [busy, calm] = [await openSocket(), await openSocket()];
    busy.ask('1', `mutation { updateCustomer(by: { id: "${id}" }, input: { name: "Late" }) { customer { name } } }`);
    await blockedIn(hub.clone.sql, 'lockCustomer');
    const stopped = door.stop({ spreadMs: 0, patienceMs: 15_000 });
    expect(await calm.closed).toMatchObject({ code: 1001 });
    await held.release();
    expect(await busy.closed).toMatchObject({ code: 1001, heard: 3 });
    expect(busy.messages.slice(1)).toEqual([
      { id: '1', type: 'next', payload: { data: { updateCustomer: { customer: { name: 'Late' } } } } },
      { id: '1', type: 'complete' },
    ]);
    await stopped;
  } finally {
    await held.release();
  }
});

test('D 13: who does not take the close is cut off when patience ends', async () => {
  const deaf = await openDeafSocket();
  const polite = await openSocket();
  const since = performance.now();
  await door.stop({ spreadMs: 0, patienceMs: 500 });
  expect(await polite.closed).toMatchObject({ code: 1001 });
  expect(performance.now() - since).toBeLessThan(20_000); // ws itself would wait for thirty seconds
  deaf.destroy();
});

/** Upgraded, and never heard of again. */
async function openDeafSocket(): Promise<Socket> {
  const socket = connect(port(), '127.0.0.1');
  socket.on('error', () => undefined); // it is to be cut off
  socket.write(
    'GET /graphql HTTP/1.1\r\nhost: hub\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n' +
      'sec-websocket-key: c3RhbWRhdGEgc3RhbWRhdA==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n',
  );
  const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  if (!answer.toString().startsWith('HTTP/1.1 101 ')) throw new Error(answer.toString());
  socket.pause();
  return socket;
}
