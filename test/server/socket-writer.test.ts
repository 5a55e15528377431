import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SocketWriter } from '../../src/server/socket-writer.js';
import { eventually } from '../feed/events.js';

let server: WebSocketServer;
beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
});
afterAll(() => server.close());

/** Both ends of a socket; `received` grows with each text message. */
async function connected() {
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [socket] = (await once(server, 'connection')) as [WebSocket];
  const received: string[] = [];
  client.on('message', (data: Buffer) => received.push(data.toString()));
  if (client.readyState !== client.OPEN) await once(client, 'open');
  return { client, socket, received, writer: new SocketWriter(socket, (message) => [message]) };
}

test('what is added goes out with the flush, in order with what graphql-ws sends', async () => {
  const { client, socket, received, writer } = await connected();
  const send = (text: string) => new Promise((sent) => socket.send(text, sent));
  await send('1');
  expect(writer.add(['2 ', Buffer.from('zwei'), ' 🦎'])).toBe(true);
  expect(writer.add(['3'])).toBe(true);
  writer.flush();
  await send('4');
  writer.flush(); // nothing was added: nothing goes out
  await eventually(() => received.length === 4, 'four messages');
  expect(received).toEqual(['1', '2 zwei 🦎', '3', '4']);
  client.terminate();
});

test('from a client that does not keep up nothing is taken until it does, and nothing is lost', async () => {
  const { client, received, writer } = await connected();
  client.pause();
  const text = 'x'.repeat(16 * 1024);
  let taken = 0;
  await eventually(() => {
    const added = writer.add([`${taken} `, text]);
    writer.flush();
    if (added) taken++;
    return !added;
  }, 'the buffers of the system are full');
  client.resume();
  await eventually(() => received.length === taken, 'all that was taken');
  expect(received.map((message) => parseInt(message))).toEqual(received.map((_, n) => n));
  expect(writer.add(['again'])).toBe(true);
  client.terminate();
});

test('no more than eight are put together: who follows events by the iterator gets a turn', async () => {
  const { client, writer } = await connected();
  const added = Array.from({ length: 9 }, (_, n) => writer.add([`${n}`]));
  expect(added).toEqual([...Array<boolean>(8).fill(true), false]);
  writer.flush();
  expect(writer.add(['next'])).toBe(true);
  client.terminate();
});

test('a socket that closes takes nothing', async () => {
  const { socket, writer } = await connected();
  socket.close(4403);
  expect(writer.add(['too late'])).toBe(false);
});
