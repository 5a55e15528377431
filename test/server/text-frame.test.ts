import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { textFrame } from '../../src/server/text-frame.js';

const texts = [
  '',
  'a',
  'Zoë 🦎',
  'x'.repeat(125),
  'x'.repeat(126),
  'é'.repeat(32_767),
  'x'.repeat(65_535),
  '🦎'.repeat(16_384),
];

test('RFC 6455: a client reads the frames back, whatever their length and however they are put together', async () => {
  const server = createServer((socket) => {
    socket.once('data', (request: Buffer) => {
      const key = /sec-websocket-key: (.*)\r\n/i.exec(request.toString())![1]!;
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
      );
      for (const text of texts) {
        socket.write(textFrame([text]));
        socket.write(textFrame([text, Buffer.from(text), '"é"']));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const read: string[] = [];
    client.on('message', (data: Buffer) => void read.push(data.toString()));
    await new Promise<void>((resolve, reject) => {
      client.on('message', () => read.length === texts.length * 2 && resolve());
      client.on('error', reject);
    });
    expect(read).toEqual(texts.flatMap((text) => [text, `${text}${text}"é"`]));
  } finally {
    client.terminate();
    server.close();
  }
});
