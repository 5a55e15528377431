import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import type { DemoClient } from './demo-client.js';
import { say, sayPush, type Push } from './demo-voice.js';

const quietMs = 700;

/** A webhook consumer as any other: it listens, checks each signature, and shows what it received. */
export async function receiveWebhooks(client: DemoClient): Promise<{ settled: () => Promise<void> }> {
  let secret = '';
  let lastAt = Date.now();
  const server = createServer((request, response) => {
    bodyOf(request)
      .then((body) => {
        const { data } = new Webhook(secret).verify(body, request.headers as Record<string, string>) as { data: Push };
        lastAt = Date.now();
        sayPush('webhook', data);
        response.writeHead(204).end();
      })
      .catch(() => response.writeHead(400).end('not signed by the hub'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const { createWebhookEndpoint } = await client.request<{
    createWebhookEndpoint: { secret: string | null; userErrors: { message: string }[] };
  }>('mutation ($url: String!) { createWebhookEndpoint(input: { url: $url }) { secret userErrors { message } } }', {
    url,
  });
  if (!createWebhookEndpoint.secret) throw new Error(createWebhookEndpoint.userErrors.map((e) => e.message).join('; '));
  secret = createWebhookEndpoint.secret;
  say(`webhook endpoint ${url}, signed; each signature is checked`);
  return {
    settled: async () => {
      while (Date.now() - lastAt < quietMs) await delay(50);
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
