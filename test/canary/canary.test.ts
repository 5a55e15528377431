import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runningEmbedded } from '../../src/database/embedded/running-server.js';
import { adminKey } from '../hub.js';
import { cli, command, endStarted, root, type Command } from '../process/command.js';
import { startReceiver, type Receiver } from '../webhook/receiver.js';
import { Canaries } from './canaries.js';
import { MistreatedHub } from './mistreated-hub.js';
import { callAll, sendFiles, sendNonsense, sendOut, sendRows } from './mistreatments.js';
import { plantedOperations } from './planted-operations.js';
import { sabotageOf, type Sabotage } from './sabotage.js';

// One hub with its own PostgreSQL, mistreated in every way; what it has written is looked through at the end.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const schema = buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8'));
const canaries = new Canaries();
/** What else may not be found: parts of keys and secrets that the hub has made. */
const secrets: string[] = [];
let home: string;
let env: Record<string, string>;
let process: Command;
let hub: MistreatedHub;
let receiver: Receiver;
let sabotage: Sabotage;
beforeAll(async () => {
  home = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'stamdata-canary-'));
  chmodSync(home, 0o755); // started by root, PostgreSQL runs as somebody else and must get to its data
  receiver = await startReceiver((request, res) => {
    res.writeHead(request.url.includes('good') ? 204 : 500, { 'x-echo': 'zqcanary' });
    res.end(`zqcanary ${request.url} ${request.body}`);
  });
  env = {
    ...{ STAMDATA_DATA_DIR: join(home, 'data'), PORT: '0', LOG_LEVEL: 'debug', STAMDATA_ADMIN_KEY: adminKey },
    ...{ WEBHOOK_ALLOW_HTTP: 'true', WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8', STAMDATA_DRAIN_SECONDS: '0' },
    STAMDATA_WEBHOOK_CHANGES_PER_MINUTE: '1000', // many are planted
    ...{ OIDC_ISSUER: 'https://127.0.0.1:9', OIDC_AUDIENCE: 'stamdata' },
  };
  process = command('dist/src/main.js', [], env);
  const url = /http:\S+/.exec(await process.line(/^stamdata is ready at /))![0];
  hub = new MistreatedHub(url, 'ACME');
  sabotage = sabotageOf((await runningEmbedded(env.STAMDATA_DATA_DIR!))!);
  const owner = 'mutation { createOwner(input: { code: "ACME", guestFeedsActive: true }) { userErrors { message } } }';
  const authorization = `Bearer ${adminKey}`;
  const made = await fetch(`${url}/graphql`, {
    ...{
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: owner }),
    },
  });
  expect(await made.json()).toEqual({ data: { createOwner: { userErrors: [] } } });
});
afterAll(async () => {
  await hub.close();
  await sabotage.close();
  await endStarted();
  await receiver.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

/** What has come of a command beside the hub. */
const told = async (...args: string[]): Promise<string> => {
  const { stdout, stderr } = await cli(args, env);
  return stdout + stderr;
};

test('design C: calls of every field of the schema, well-formed and not, over HTTP and WebSocket', async () => {
  await callAll(hub, plantedOperations(schema, canaries, 'plain'));
  await callAll(hub, plantedOperations(schema, canaries, 'wrong'));
  expect(canaries.planted.length).toBeGreaterThan(500);
});

test('design C: rows with every field, twice, so that the second are conflicts', async () => {
  await sendRows(hub, schema, canaries);
  expect(await sabotage.contents('customer'), 'they are stored').toMatch(/zqcanary/);
  expect(await sabotage.contents('customer_user')).toMatch(/zqcanary/);
});

test('design C: what is no operation at all, headers, paths, keys and tokens', async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = part({ iss: 'https://127.0.0.1:9', aud: 'stamdata', sub: 'zqcanary', email: 'zqcanary@example.org' });
  secrets.push(claims.slice(0, 30));
  await sendNonsense(hub, `${part({ alg: 'RS256', kid: 'zqcanary' })}.${claims}.enFjYW5hcnk`);
});

test('design C: partners, files, and the command that sends one', async () => {
  const file = join(home, 'rows.ndjson');
  writeFileSync(file, '{"code":"F1","name":"zqcanary"}\n{"code":"F2","email":"zqcanary"}\n');
  const [said] = await Promise.all([told('import', file, '--owner', 'ACME'), sendFiles(hub)]);
  expect(said).toContain('invalid email');
  expect(canaries.foundIn(said)).toEqual([]);
});

test('design C: webhooks and guest feeds whose receivers fail and send back what they got', async () => {
  const { signing, key } = await sendOut(hub, receiver);
  secrets.push(signing.slice(6), key.split('_')[3]!);
  expect(JSON.stringify(receiver.requests)).toContain('zqcanary-access');
});

test('design C: an error of the database that quotes its rows is masked, whatever was called', async () => {
  await sabotage.begin();
  const [said] = await Promise.all([
    told('export', '--owner', 'ACME'),
    callAll(hub, plantedOperations(schema, canaries, 'present')),
    sendFiles(hub),
    sendRows(hub, schema, canaries),
  ]);
  await sabotage.end();
  expect(said).toContain('stamdata: ');
  expect(canaries.foundIn(said)).toEqual([]);
  expect(hub.internal.length).toBeGreaterThan(20);
  expect(hub.internal.flatMap((answer) => canaries.foundIn(answer, secrets))).toEqual([]);
});

test('design C: none of it is in metrics or in the audit log, which is kept apart from personal data', async () => {
  const metrics = await hub.send('/metrics');
  expect(metrics).toContain('stamdata_');
  expect(canaries.foundIn(metrics, secrets)).toEqual([]);
  const audit = await sabotage.contents('audit_entry');
  expect(audit).toContain('createCustomer');
  expect(canaries.foundIn(audit, secrets)).toEqual([]);
});

test('design C: nor in what the hub writes, a line for each request and operation, nor in the log of its PostgreSQL', async () => {
  await sabotage.killDuring(`SELECT pg_sleep(600), 'zqcanary'`);
  const log = () => readFileSync(join(home, 'data', 'postgres.log'), 'utf8');
  await vi.waitFor(() => expect(log()).toMatch(/terminated by signal 9/), { timeout: 60_000, interval: 100 });
  const ready = async () => expect(await hub.send('/readyz')).toBe('ready\n');
  await vi.waitFor(ready, { timeout: 60_000, interval: 200 });
  process.child.kill('SIGTERM');
  const { stdout, stderr } = await process.ended;
  expect(canaries.foundIn(stdout + stderr, secrets)).toEqual([]);
  expect(canaries.foundIn(log(), secrets)).toEqual([]);
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg: string; requestId?: string });
  const of = (msg: string) => lines.filter((line) => line.msg === msg);
  expect(new Set(of('request').map(({ requestId }) => requestId)).size).toBeGreaterThan(200);
  expect(of('operation').length).toBeGreaterThan(200);
  expect(of('request failed').length).toBeGreaterThan(20);
  expect(of('request failed').filter(({ requestId }) => !requestId)).toEqual([]);
});
