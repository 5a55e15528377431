import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestHub, testSecret, type TestHub } from '../hub.js';
import { blocks, inlineCommands } from './readme-blocks.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'stamdata-readme-'));
const children: ChildProcess[] = [];
let hub: TestHub;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  hub = await startTestHub();
  const curl = join(scratch, 'curl');
  copyFileSync(new URL('curl.mjs', import.meta.url), curl);
  chmodSync(curl, 0o755);
  env = {
    ...process.env,
    PATH: `${scratch}:${process.env.PATH}`,
    DATABASE_URL: hub.clone.url,
    STAMDATA_DATA_DIR: scratch,
    npm_config_cache: join(scratch, 'npm'),
    STAMDATA_SECRET: testSecret,
  };
});

afterAll(async () => {
  for (const child of children) endGroup(child);
  await hub.stop();
  rmSync(scratch, { recursive: true, force: true });
});

const graphql = (query: string) => hub.request(query, {}, { key: env.STAMDATA_KEY! });

/** Blocks of a language that contain a piece of text: exactly one, so that a renamed example is noticed. */
function block(language: string, piece: string): string {
  const found = blocks.filter((candidate) => candidate.language === language && candidate.text.includes(piece));
  expect(found, `one ${language} block with ${piece}`).toHaveLength(1);
  return found[0]!.text;
}

/** What a shell command prints. Never synchronously: the hub that it talks to lives in this process. */
function sh(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('sh', ['-ec', command], { cwd: root, env, timeout: 40_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command}\n${error.message}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

/** A process that goes on; resolves when its output matches. */
function startAndAwait(
  command: string,
  args: string[],
  extraEnv: object,
  wanted: RegExp,
  nudge?: () => Promise<unknown>,
): Promise<string> {
  const child = spawn(command, args, { cwd: root, env: { ...env, ...extraEnv }, detached: true });
  children.push(child);
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = nudge && setInterval(() => void nudge().catch(reject), 300);
    const end = (settle: () => void) => {
      clearInterval(timer);
      settle();
    };
    child.stdout.on('data', (chunk: Buffer) => {
      output += String(chunk);
      if (wanted.test(output)) end(() => resolve(output));
    });
    child.stderr.on('data', (chunk: Buffer) => (output += String(chunk)));
    child.once('exit', (code) => end(() => reject(new Error(`ended with ${code}:\n${output}`))));
  });
}

describe('the README', () => {
  it('names the two commands, and their scripts exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(block('sh', 'npm run demo')).toBe('npm ci && npm run demo\n');
    expect(block('sh', 'npm test')).toBe('npm ci && npm test\n');
    expect(Object.keys(scripts)).toEqual(
      expect.arrayContaining(['demo', 'test', 'start', 'verify', 'schema', 'bench']),
    );
  });

  it('npm start serves', async () => {
    const output = await startAndAwait('npm', ['start'], { PORT: '0' }, /First key/);
    expect(block('sh', 'npm start')).toBe('npm start\n');
    expect(output).toContain('/graphiql');
    endGroup(children.pop()!); // else it would take part in the deliveries below, under settings of its own
  });

  it('makes an owner and a key', { timeout: 60_000 }, async () => {
    const commands = block('sh', 'owner create').replace('http://127.0.0.1:4000', hub.url);
    const output = await sh(`${commands}\necho "exported $STAMDATA_URL $STAMDATA_KEY"`);
    const [, url, key] = /exported (\S+) (stam_live_\S+)/.exec(output) ?? [];
    expect(output).toContain('owner ACME');
    env = { ...env, STAMDATA_URL: url, STAMDATA_KEY: key };
  });

  it('frontends: creates, finds and updates a customer', async () => {
    const created = await sh(block('sh', 'createCustomer'));
    expect(JSON.parse(created)).toMatchObject({
      data: { createCustomer: { customer: { version: 1, mobileE164: '+4570271699' }, userErrors: [] } },
    });
    const found = await graphql(block('graphql', 'customer(by:'));
    expect(found).toMatchObject({
      data: { customer: { code: 'C-1001', tags: [{ name: 'VIP' }] }, customers: { totalCount: 1 } },
    });
    expect(await graphql(block('graphql', 'search:'))).toMatchObject({
      data: { customers: { nodes: [{ code: 'C-1001' }] } },
    });
    expect(await graphql(block('graphql', 'where:'))).toMatchObject({
      data: { customers: { totalCount: 1, totalCountIsEstimate: false, nodes: [{ code: 'C-1001' }] } },
    });
    const updated = await graphql(block('graphql', 'updateCustomer'));
    expect(updated).toMatchObject({
      data: { updateCustomer: { customer: { version: 2, email: 'anna@example.dk' }, userErrors: [] } },
    });
  });

  it('partners: the dry run, orders and bookings', async () => {
    const dry = await graphql(block('graphql', 'bulkInsertCustomers'));
    expect(dry).toMatchObject({
      data: {
        bulkInsertCustomers: {
          counts: { rows: 2, customers: 1, users: 0, rejected: 1 },
          errors: [
            {
              index: 2,
              errors: [
                'missing name',
                'invalid email',
                'invalid bookingOnline (valid values: yes, no, y, n, true, false, 1, 0)',
              ],
            },
          ],
          userErrors: [],
        },
      },
    });
    const recorded = await graphql(block('graphql', 'recordOrders'));
    expect(recorded).toMatchObject({
      data: {
        recordOrders: { results: [{ action: 'CREATE' }], errors: [], userErrors: [] },
        recordBookings: { results: [{ action: 'CREATE' }], errors: [], userErrors: [] },
      },
    });
    const seam = await graphql(block('graphql', 'feedCursor'));
    expect(seam).toMatchObject({ data: { feedCursor: expect.stringMatching(/^[\w-]{22}$/) as string } });
    const events = await graphql(block('graphql', 'customerEvents'));
    expect(events.errors).toBeUndefined();
  });

  it('partners: a file is imported, and goes on where it stopped', async () => {
    const command = block('sh', '/import/customers').replaceAll('customers.csv', join(scratch, 'customers.csv'));
    const answers = [await sh(command), await sh(command)];
    for (const answer of answers) {
      const lines = answer.trim().split('\n');
      expect(lines[0]).toBe('{"line":3,"code":"B-2","errors":["missing name"]}');
      expect(JSON.parse(lines.at(-1)!)).toMatchObject({ done: true, counts: { rows: 2, created: 1, rejected: 1 } });
    }
  });

  it('partners: the command line takes a file in, and writes all customers out', async () => {
    const file = join(scratch, 'partners.csv');
    writeFileSync(file, 'code;name\nP-1;Rejser Østerbro\n');
    const out = join(scratch, 'all-customers.csv');
    const commands = block('sh', 'npx stamdata import').replace('partners.csv', file).replace('all-customers.csv', out);
    expect(await sh(commands)).toContain(': 1 row: 1 created, 0 updated');
    expect(readFileSync(out, 'utf8')).toMatch(/^code,name,[^]*\nP-1,Rejser Østerbro,/);
  });

  it('subscription clients: the example receives a change', async () => {
    let n = 0;
    const change = () =>
      graphql(
        `mutation { updateCustomer(by: { code: "C-1001" }, input: { city: "City ${++n}" }) { userErrors { message } } }`,
      );
    const code = block('js', 'customerSnapshots');
    const output = await startAndAwait('node', ['--input-type=module', '-e', code], {}, /\n/, change);
    expect(JSON.parse(output.split('\n')[0]!)).toMatchObject({
      reasons: ['UPDATED'],
      snapshot: { name: 'Anna Maria Jensen', ordersTotalValue: '99.90' },
    });
  });

  it('webhook consumers: the endpoint is made and the example verifies a push', async () => {
    const mutation = block('graphql', 'example.com/stamdata');
    expect(await graphql(mutation)).toMatchObject({
      data: {
        createWebhookEndpoint: {
          webhookEndpoint: { state: 'ACTIVE' },
          secret: expect.stringMatching(/^whsec_/) as string,
          userErrors: [],
        },
      },
    });
    expect(await graphql(block('graphql', 'example.com/gecko'))).toMatchObject({
      data: { createWebhookEndpoint: { warnings: [], userErrors: [] } },
    });
    expect(await graphql(block('graphql', 'example.com/crm'))).toMatchObject({
      data: { createWebhookEndpoint: { webhookEndpoint: {}, userErrors: [] } },
    });
    const seen = await graphql(block('graphql', 'webhookEndpoints'));
    expect(seen.data.webhookEndpoints).toHaveLength(3);
    const port = await freePort();
    const made = await graphql(mutation.replace('https://example.com/stamdata', `http://127.0.0.1:${port}/hook`));
    const { secret } = made.data.createWebhookEndpoint as { secret: string };
    let n = 0;
    const change = () =>
      graphql(
        `mutation { updateCustomer(by: { code: "C-1001" }, input: { city: "Town ${++n}" }) { userErrors { message } } }`,
      );
    const code = block('js', 'createServer');
    const output = await startAndAwait(
      'node',
      ['--input-type=module', '-e', code],
      { WEBHOOK_SECRET: secret, WEBHOOK_PORT: String(port) },
      /customer\.updated \d+ \d+ Anna Maria Jensen/,
      change,
    );
    expect(output).toContain('customer.updated');
  });

  it.each([
    ['ts', 'verifyWebhook', 'verify.ts'],
    ['python', 'def verify_webhook', 'verify.py'],
  ])('webhook consumers: the %s function is the tested one', (language, piece, file) => {
    expect(block(language, piece).trim()).toBe(readFileSync(join(root, 'examples/webhooks', file), 'utf8').trim());
  });

  it('hotels: the guest feed is made', async () => {
    const answer = await graphql(block('graphql', 'createGuestFeed'));
    expect(answer).toMatchObject({
      data: { createGuestFeed: { guestFeed: { schedule: '0 3 * * *' }, userErrors: [] } },
    });
  });

  it('operators: every command named in the text works', async () => {
    const id = /^(\d+) /m.exec(await sh('npx stamdata key list'))![1]!;
    // listen goes on until it is stopped: test/listen.test.ts
    const commands = inlineCommands.filter((text) => /^npx stamdata (?!listen)/.test(text));
    expect(commands.length).toBeGreaterThan(3);
    const { data } = await graphql('{ webhookEndpoints { id } }');
    const [endpoint] = data.webhookEndpoints as { id: string }[];
    // example.com cannot be reached: a replay is asked for, not waited for
    const filled = commands.map((command) =>
      command.replace(/replay --endpoint ENDPOINT/, `replay --detach --endpoint ${endpoint!.id}`).replace('ID', id),
    );
    const isLast = (command: string) => command.includes('key revoke'); // it is the key that the others use
    await Promise.all(filled.filter((command) => !isLast(command)).map((command) => sh(command)));
    for (const command of filled.filter(isLast)) await sh(command);
  }, 60_000);
});

/** A command with all that it has started: npm passes no signal on to what it runs. */
function endGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
