import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { SealingKey } from '../../src/sealing-key.js';
import { bulkMutation, loginOf } from '../bulk/partner-rows.js';
import { cloneDatabase, type Clone } from '../database-clone.js';
import { accessKey, eventually, hotelId, openHotel, toldOf, type Hotel } from '../guest-feed/hotel.js';
import { adminKey, endOfFeed, startTestHub, type TestHub } from '../hub.js';
import { importFile } from '../import/import-request.js';
import { cli, command, endStarted, type Command } from '../process/command.js';
import { makeEndpoint } from '../webhook/operator-desk.js';
import { startReceiver, type Received, type Receiver } from '../webhook/receiver.js';

// One database through a change of its secret, in the order of the tests.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const [a, b, c] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const text = (secret: Buffer): string => secret.toString('base64');
const idOf = (secret: Buffer): string => new SealingKey(secret).id;
const rows = [{ code: 'KEPT', name: 'Kept', adminUser: loginOf(1) }];
const file = '{"code":"FILED","name":"Filed"}\n';

let clone: Clone;
let home: string;
let hotel: Hotel;
let receiver: Receiver;
let signing: string;
let process: Command;
let url: string;
let before: string;
beforeAll(async () => {
  clone = await cloneDatabase();
  home = mkdtempSync(join(tmpdir(), 'stamdata-rotation-'));
  receiver = await startReceiver();
  const hub = await startTestHub({ clone, env: { STAMDATA_SECRET: text(a) } });
  await useUnder(hub);
  await hub.stop();
});
afterAll(async () => {
  await endStarted();
  await hotel.receiver.close();
  await receiver.close();
  await clone.drop();
  rmSync(home, { recursive: true });
});

/** A hub with the first secret alone, and something under it of every kind. */
async function useUnder(hub: TestHub): Promise<void> {
  hotel = await openHotel(hub);
  const { owner } = hotel;
  signing = (await makeEndpoint(owner, receiver)).secret;
  before = await endOfFeed(owner);
  await hotel.stay();
  expect((await hotel.run()).sent).toBe(1);
  const input = { ownerCode: owner.code, profile: 'STANDARD', idempotencyKey: 'once', customers: rows };
  await owner.gql(bulkMutation, { input });
  const headers = { 'idempotency-key': 'file' };
  expect((await importFile(hub, owner, file, { headers })).last.counts).toMatchObject({ created: 1 });
  await receiver.until((requests) => requests.length >= 3);
}

const environment = (secret: Buffer, ...older: Buffer[]) => ({
  ...{ DATABASE_URL: clone.url, STAMDATA_ADMIN_KEY: adminKey, PORT: '0', LOG_LEVEL: 'error', STAMDATA_DATA_DIR: home },
  ...{ WEBHOOK_ALLOW_HTTP: 'true', WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8' },
  ...{ STAMDATA_SECRET: text(secret), STAMDATA_OLD_SECRETS: older.map(text).join(','), NODE_ENV: 'production' },
  ...{ STAMDATA_DRAIN_SECONDS: '0' },
});

async function start(secret: Buffer, ...older: Buffer[]): Promise<void> {
  process = command('dist/src/main.js', [], environment(secret, ...older));
  url = /http:\S+/.exec(await process.line(/^stamdata is ready at /))![0];
}

async function stop(): Promise<void> {
  process.child.kill('SIGTERM');
  expect(await process.ended).toMatchObject({ code: 0, stderr: '' });
}

async function ask<Data>(query: string, variables: object = {}): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${hotel.owner.key}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: object[] };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** A webhook, a guest feed, a cursor and calls that are told again, all from before: as if nothing had happened. */
async function worksAsBefore(code: string): Promise<void> {
  const [hooks, stays] = [receiver.requests.length, hotel.receiver.requests.length];
  await ask('mutation ($c: String!) { createCustomer(input: { code: $c, name: "N" }) { customer { id } } }', {
    c: code,
  });
  await receiver.until((requests) => requests.length > hooks);
  expect(receiver.requests.slice(hooks).map((request) => verifies(request))).toEqual([true]);
  await clone.sql(`DELETE FROM guest_feed_stay WHERE owner_id = $1`, [hotel.owner.id]);
  await ask('mutation ($id: ID!) { runGuestFeed(id: $id) { sent } }', { id: hotel.feed.id });
  const [sent] = hotel.receiver.requests.slice(stays);
  expect(JSON.stringify(sent)).toContain(accessKey);
  expect(toldOf(sent!).hotel_id).toBe(hotelId);
  const page = await ask<{ customerEvents: { nodes: { cursor: string }[] } }>(
    'query ($c: String) { customerEvents(after: $c, first: 100) { nodes { cursor } } }',
    { c: before },
  );
  const cursors = page.customerEvents.nodes.map(({ cursor }) => `evt_${cursor}`);
  expect(cursors.length).toBeGreaterThan(0);
  const told = receiver.requests.map(({ headers }) => headers['webhook-id'] as string);
  expect(cursors.slice(0, told.length), 'the ids that receivers know events by').toEqual(told.slice(0, cursors.length));
}

async function tellsAgain(): Promise<void> {
  const input = { ownerCode: hotel.owner.code, profile: 'STANDARD', idempotencyKey: 'once', customers: rows };
  const { bulkInsertCustomers: again } = await ask<{
    bulkInsertCustomers: { results: { customer: boolean }[]; userErrors: object[] };
  }>(bulkMutation, { input });
  expect(again).toMatchObject({ results: [{ customer: true }], userErrors: [] });
  const told = await importFile({ url }, hotel.owner, file, { headers: { 'idempotency-key': 'file' } });
  expect(told).toMatchObject({ status: 200, last: { done: true, counts: { created: 1 } } });
}

function verifies({ body, headers }: Received): boolean {
  new Webhook(signing).verify(body, headers as Record<string, string>); // throws
  return true;
}

const secretCommand = (verb: string, secret: Buffer, ...older: Buffer[]) =>
  cli(['secret', verb], environment(secret, ...older));

test('design C: values of older versions, which name no key, are read under any secret that is listed', async () => {
  for (const [table, column] of sealed)
    await clone.sql(`UPDATE ${table} SET ${column} = substring(${column} FROM 9) WHERE ${column} IS NOT NULL`);
  await clone.sql(`DELETE FROM hub_setting WHERE name = 'feed cursor'`); // that they did not have either
  await start(b, c, a);
  await worksAsBefore('NEXT');
  await tellsAgain();
});

test('design C: while something needs it the new secret alone does not start, and the old one does', async () => {
  await stop();
  for (const verb of ['status', 'rotate']) {
    const refused = await secretCommand(verb, b);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/^stamdata: STAMDATA_SECRET is not the one .* STAMDATA_OLD_SECRETS .*\n$/);
  }
  const { code, stderr } = await command('dist/src/main.js', [], environment(b)).ended;
  expect([code, stderr.split('\n').length]).toEqual([2, 2]);
  expect(stderr).toContain('STAMDATA_OLD_SECRETS');
  await start(a);
  await stop();
});

test('design C: rotate seals all anew beside a running hub, tells what is left, and may be run again', async () => {
  await start(b, a);
  const status = await secretCommand('status', b, a);
  expect(status).toMatchObject({ code: 0, stderr: '' });
  expect(status.stdout).toContain('no key named, by an older version: 1 webhook secrets, 2 guest feed credentials');
  expect(status.stdout).toContain('run "stamdata secret rotate"');
  const rotated = await secretCommand('rotate', b, a);
  expect(rotated).toMatchObject({ code: 0, stderr: '' });
  expect(rotated.stdout).toContain(`webhook secrets: 1 sealed anew under key ${idOf(b)}\n`);
  expect(rotated.stdout).toContain(`guest feed credentials: 2 sealed anew under key ${idOf(b)}\n`);
  expect(rotated.stdout).toMatch(/nothing needs STAMDATA_OLD_SECRETS any more: take it out of every process\n$/);
  const again = await secretCommand('rotate', b, a);
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(again.stdout).toContain('webhook secrets: 0 sealed anew');
  for (const [table, column] of sealed)
    for (const { header } of await clone.sql<{ header: string }>(
      `SELECT encode(substring(${column} FROM 5 FOR 4), 'hex') AS header FROM ${table} WHERE ${column} IS NOT NULL`,
    ))
      expect(header, table).toBe(idOf(b));
  await worksAsBefore('BOTH');
  await tellsAgain();
  await stop();
});

test('design C, D3, D4: then the new secret alone does it all, and the old one is refused', async () => {
  await start(b);
  await worksAsBefore('ALONE');
  await stop();
  const { code, stderr } = await command('dist/src/main.js', [], environment(a)).ended;
  expect(code).toBe(2);
  expect(stderr).toContain(`its values are sealed under key ${idOf(b)}`);
});

test('design C: what a hub has sealed under a secret that is not listed any more is told at the start, and by status', async () => {
  const [row] = await clone.sql<{ sealed: Buffer }>('SELECT sealed FROM webhook_secret');
  const lost = new SealingKey(c);
  await clone.sql('UPDATE webhook_secret SET sealed = $1', [lost.seal('webhook secret', 'elsewhere', 'x')]);
  await start(b);
  process.child.kill('SIGTERM');
  const lines = (await process.ended).stderr.split('\n').filter((line) => line.includes('secret.key.missing'));
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { part: 'webhook secrets', code: lost.id, count: 1 },
  ]);
  const status = await secretCommand('status', b);
  expect(status.code).toBe(1);
  expect(status.stdout).toContain(`key ${lost.id}, which is NOT CONFIGURED: 1 webhook secrets`);
  const rotated = await secretCommand('rotate', b);
  expect([rotated.code, rotated.stderr]).toEqual([
    1,
    'stamdata: webhook secrets: 1 open under none of the secrets and stay as they are\n',
  ]);
  await clone.sql('UPDATE webhook_secret SET sealed = $1', [row!.sealed]);
  await eventually(async () => (await secretCommand('status', b)).code === 0);
});

const sealed = [
  ['webhook_secret', 'sealed'],
  ['guest_feed_secret', 'sealed'],
  ['hub_setting', 'value'],
] as const;
