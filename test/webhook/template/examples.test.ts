import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../../hub.js';
import { guestBook, type Guest, type GuestBook } from '../../snapshot/guest-book.js';
import { startReceiver, type Receiver } from '../receiver.js';
import type { EndpointAnswer, Preview } from './template-desk.js';

const examples = fileURLToPath(new URL('../../../examples/gecko', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'stamdata-gecko-'));
let hub: TestHub;
let book: GuestBook;
let guest: Guest;
let receiver: Receiver;
beforeAll(async () => {
  const curl = join(scratch, 'curl');
  copyFileSync(new URL('../../readme/curl.mjs', import.meta.url), curl);
  chmodSync(curl, 0o755);
  [hub, receiver] = await Promise.all([startTestHub(), startReceiver()]);
  book = await guestBook(hub);
  guest = await book.guest({ name: 'Anna "A" Jensen', tags: ['VIP'] });
});
afterAll(async () => {
  await hub.stop();
  await receiver.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** What a script answers. Never synchronously: the hub that it talks to lives in this process. */
function sh<Data>(script: string, ...args: string[]): Promise<Data> {
  const env = { PATH: `${scratch}:${process.env.PATH}`, STAMDATA_URL: hub.url, STAMDATA_KEY: book.owner.key };
  return new Promise((resolve, reject) => {
    execFile('sh', [join(examples, script), ...args], { env, timeout: 15_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`));
      else resolve((JSON.parse(stdout) as { data: Data }).data);
    });
  });
}

test('G3: the scripts show and store the sample template, byte by byte, and it is sent', async () => {
  const { previewWebhook } = await sh<{ previewWebhook: Preview }>('preview.sh', guest.code);
  expect(previewWebhook).toMatchObject({ warnings: [], userErrors: [] });
  expect(JSON.parse(previewWebhook.body)).toMatchObject({ CUSTOMERNAME: 'Anna "A" Jensen' });
  const { createWebhookEndpoint } = await sh<{ createWebhookEndpoint: EndpointAnswer & { secret: string } }>(
    'create-endpoint.sh',
    receiver.url,
  );
  expect(createWebhookEndpoint).toMatchObject({ secret: expect.stringMatching(/^whsec_/) as string, userErrors: [] });
  const { id } = createWebhookEndpoint.webhookEndpoint!;
  const [stored] = await hub.clone.sql<{ template: string }>('SELECT template FROM webhook_endpoint WHERE id = $1', [
    id,
  ]);
  expect(stored!.template).toBe(readFileSync(join(examples, 'customer-updated.template'), 'utf8'));
  await book.change(guest, { email: 'anna@example.dk' });
  await receiver.until((requests) => requests.length === 1);
  expect(JSON.parse(receiver.requests[0]!.body)).toMatchObject({ CUSTOMEREMAIL: 'anna@example.dk' });
  const compared = await sh<{ previewWebhook: Preview }>(
    'preview.sh',
    guest.code,
    join(examples, 'customer-updated.template'),
    id,
  );
  expect(compared.previewWebhook.userErrors).toEqual([]);
});

test('G2: the sample for a GET', async () => {
  const before = receiver.requests.length;
  const template = join(examples, 'customer-updated.query.template');
  const { createWebhookEndpoint } = await sh<{ createWebhookEndpoint: EndpointAnswer }>(
    ...(['create-endpoint.sh', receiver.url, template, 'GET'] as const),
  );
  expect(createWebhookEndpoint).toMatchObject({ warnings: [], userErrors: [] });
  await book.change(guest, { email: 'a@example.dk' });
  await receiver.until((requests) => requests.slice(before).some(({ method }) => method === 'GET'));
  const { url } = receiver.requests.slice(before).find(({ method }) => method === 'GET')!;
  const [tag] = (await book.snapshot(guest)).tags;
  expect([...new URL(url, receiver.url).searchParams]).toEqual([
    ['id', guest.id],
    ['name', 'Anna "A" Jensen'],
    ['next', ''],
    [`tag[${tag!.id}]`, '1'],
  ]);
});
