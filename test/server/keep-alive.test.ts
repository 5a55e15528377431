import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { keepAlive } from '../../src/server/keep-alive.js';

const everyMs = 20;
/** A client that answers does so in the meantime, however busy the machine is. */
const leisureMs = 1_000;
const never = 1_000_000;

let http: Server;
let sockets: WebSocketServer;
const clients: WebSocket[] = [];
beforeEach(async () => {
  http = createServer();
  sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  for (const end of [...sockets.clients, ...clients.splice(0)]) end.terminate(); // one that is paused notices nothing
  sockets.close();
  http.close();
});

/** Both ends of a new connection. */
async function connect(): Promise<{ client: WebSocket; socket: WebSocket }> {
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  clients.push(client);
  const [[socket]] = (await Promise.all([once(sockets, 'connection'), once(client, 'open')])) as [[WebSocket], unknown];
  return { client, socket };
}

/** One whose client reads nothing, though it is sent more than the kernel holds. */
async function connectStalled() {
  const { client, socket } = await connect();
  client.pause();
  socket.send(Buffer.alloc(64 * 1024 * 1024));
  return { client, socket };
}

/** How the server's end of a connection is closed. */
const closeOf = async (socket: WebSocket): Promise<number> => ((await once(socket, 'close')) as [number])[0];

test('a client that answers is asked again, and stays', async () => {
  const { client, socket } = await connect();
  keepAlive(socket, leisureMs, never);
  await once(client, 'ping');
  await once(client, 'ping');
  expect(socket.readyState).toBe(WebSocket.OPEN);
});

test('a client that does not answer, with nothing on its way to it, is cut off', async () => {
  const { client, socket } = await connect();
  client.pause();
  keepAlive(socket, everyMs, never);
  expect(await closeOf(socket)).toBe(1006);
});

test('D11: one that does not take what it is sent is left to who watches it, and can still be told where to go on', async () => {
  const { client, socket } = await connectStalled();
  keepAlive(socket, everyMs, never);
  const silent = await connect();
  silent.client.pause();
  keepAlive(silent.socket, everyMs, never);
  await closeOf(silent.socket); // as the other one would have been, by now
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.close(4413, 'cursor');
  client.resume();
  const [code, reason] = (await once(client, 'close')) as [number, Buffer];
  expect([code, reason.toString()]).toEqual([4413, 'cursor']);
});

test('D11: and it is cut off in the end when nobody watches it', async () => {
  const { socket } = await connectStalled();
  keepAlive(socket, everyMs, 3 * everyMs);
  expect(await closeOf(socket)).toBe(1006);
});
