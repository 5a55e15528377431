import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { cli, command, endStarted, type Command } from './command.js';

// One hub through its life, in the order of the tests: starts are dear.
const patienceMs = 60_000;
const main = 'dist/src/main.js';
let home: string;
let env: Record<string, string>;
let hub: Command;
let url: string;
let key: string;
let secret: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'stamdata-life-'));
  chmodSync(home, 0o755); // started by root, PostgreSQL runs as somebody else and must get to its data
  env = { STAMDATA_DATA_DIR: join(home, 'data'), PORT: '0', LOG_LEVEL: 'error' };
});
afterAll(async () => {
  await endStarted();
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

async function start(): Promise<Command> {
  const started = command(main, [], env);
  url = /http:\S+/.exec(await started.line(/^stamdata is ready at /))![0];
  return started;
}

test(
  'api 7: the first start says where everything is, serves, and how to get a first key',
  { timeout: patienceMs },
  async () => {
    hub = await start();
    expect(await hub.line(/^ {2}GraphQL/)).toContain(`${url}/graphql`);
    expect(await hub.line(/^ {2}GraphiQL/)).toContain(`${url}/graphiql`);
    expect(await hub.line(/^ {2}Data/)).toContain(join(home, 'data'));
    expect(await hub.line(/^ {2}First key/)).toContain('npx stamdata owner create');
    expect(await (await fetch(`${url}/readyz`)).text()).toBe('ready\n');
    secret = readFileSync(join(home, 'data', 'secret'), 'utf8');
  },
);

test('api 7: commands work beside the running hub, on its own embedded database', { timeout: patienceMs }, async () => {
  expect(await cli(['owner', 'create', '--code', 'LIFE'], env)).toMatchObject({ code: 0, stderr: '' });
  const made = await cli(['key', 'create', '--owner', 'LIFE'], env);
  expect([made.code, made.stderr]).toEqual([0, '']);
  key = made.stdout.trim();
  expect(await gql('{ owner { code } }')).toEqual({ owner: { code: 'LIFE' } });
});

test('api 7: a second hub on the same data ends with 3 and one line', { timeout: patienceMs }, async () => {
  const second = command(main, [], env);
  const { code, stdout, stderr } = await second.ended;
  expect([code, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(/^stamdata: [^\n]+\n$/);
  expect(await (await fetch(`${url}/readyz`)).text()).toBe('ready\n');
});

test(
  'B.3: kill -9 in the middle of writes loses none that was acknowledged; the next start is warm',
  { timeout: patienceMs },
  async () => {
    const acknowledged: string[] = [];
    let killed = false;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let i = 0; ; i++) {
        const code = `W${writer}-${i}`;
        const done = await gql(
          'mutation ($c: String!) { createCustomer(input: { code: $c, name: "W" }) { customer { id } } }',
          { c: code },
        )
          .then(() => true)
          .catch(() => false);
        if (killed || !done) return;
        acknowledged.push(code);
        if (acknowledged.length === 40) {
          killed = true;
          hub.child.kill('SIGKILL');
        }
      }
    });
    await Promise.all(writers);
    await hub.ended;
    expect(acknowledged.length).toBeGreaterThanOrEqual(40);
    hub = await start();
    const found = await gql<{ customers: { nodes: object[] } }>(
      'query ($codes: [String!]) { customers(first: 100, where: { code: { in: $codes } }) { nodes { code version snapshot { version } } } }',
      { codes: acknowledged },
    );
    const each = acknowledged.map((code) => ({ code, version: 1, snapshot: { version: 1 } }));
    expect(found.customers.nodes).toEqual(expect.arrayContaining(each));
    expect(readFileSync(join(home, 'data', 'secret'), 'utf8')).toBe(secret);
  },
);

test('D1: after the kill the feed has every customer once, in dense order', { timeout: patienceMs }, async () => {
  const { customers } = await gql<{ customers: { totalCount: number } }>('{ customers(first: 1) { totalCount } }');
  const events: string[] = [];
  for (const deadline = Date.now() + 20_000; events.length < customers.totalCount && Date.now() < deadline;) {
    const page = await gql<{ customerEvents: { nodes: { customerId: string; version: number }[] } }>(
      '{ customerEvents(first: 100) { nodes { customerId version } } }',
    );
    events.splice(
      0,
      Infinity,
      ...page.customerEvents.nodes.map(({ customerId, version }) => `${customerId} v${version}`),
    );
  }
  expect(events).toHaveLength(customers.totalCount);
  expect(new Set(events).size).toBe(customers.totalCount);
});

test(
  'api 7: SIGTERM ends with 0 within seconds, with a socket open, and says nothing',
  { timeout: patienceMs },
  async () => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await new Promise((resolve) => socket.once('open', resolve));
    const since = Date.now();
    hub.child.kill('SIGTERM');
    const { code, stderr } = await hub.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(Date.now() - since).toBeLessThan(10_000);
  },
);

test('api 7: commands work without a hub, on the data it left', { timeout: patienceMs }, async () => {
  const listed = await cli(['key', 'list'], env);
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  expect(listed.stdout).toContain(`stam_live_${key.split('_')[2]}_…`);
});

async function gql<Data>(query: string, variables: object = {}): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: object[] };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
