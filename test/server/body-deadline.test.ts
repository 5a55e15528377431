import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { liftBodyDeadline, setBodyDeadline } from '../../src/server/body-deadline.js';

let server: Server;
let socket: Socket;
beforeEach(async () => {
  server = createServer((request, response) => {
    setBodyDeadline(request, response, 200);
    if (request.url === '/long') liftBodyDeadline(request);
    if (request.url === '/begun') response.write('begun');
    request.resume().once('end', () => response.end('whole'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  socket.destroy();
  server.close();
});

/** Sends the first half of a body; `text` resolves with all that came when the connection has ended. */
async function half(path: string): Promise<{ text: Promise<string> }> {
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.on('error', () => undefined);
  const ended = once(socket, 'close').then(() => text);
  socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 10\r\n\r\nfirst`);
  return { text: ended };
}

test('design C: a body that does not come in time is answered with 408, and the connection ends', async () => {
  expect(await (await half('/')).text).toMatch(/^HTTP\/1\.1 408 .*not complete within 0\.2 seconds\n/s);
});

test('design C: where the answer has begun the connection is cut', async () => {
  expect(await (await half('/begun')).text).toMatch(/^HTTP\/1\.1 200 .*begun/s);
});

test('design C: a door that takes bodies of any length lifts the deadline', async () => {
  const { text } = await half('/long');
  await new Promise((resolve) => setTimeout(resolve, 400)); // twice the deadline
  socket.write('later');
  expect(await text).toMatch(/^HTTP\/1\.1 200 .*whole/s);
});
