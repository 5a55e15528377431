import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminKey, startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { overHttp, overWebSocket, type Ask } from './transports.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  // a point comes back in 10 minutes: none does while a test runs
  hub = await startTestHub({
    env: { STAMDATA_ROLES: 'api', STAMDATA_COST_BURST: '5000', STAMDATA_COST_PER_SECOND: '1' },
  });
  owner = await hub.owner();
});
afterAll(() => hub.stop());

const asking = (request: { query: string; variables?: Record<string, unknown> }) => ({
  ...request,
  extensions: { cost: true },
});
const costOf = (answer: Awaited<ReturnType<Ask>>) => (answer.extensions?.cost as { cost: number } | undefined)?.cost;

test.each([
  ['a look-up', 'query ($code: String!) { customer(by: { code: $code }) { code name email } }', { code: 'x' }, 1],
  ['a page', 'query ($n: Int) { customers(first: $n) { nodes { id } } }', { n: 50 }, 52],
  ['a page by a default', 'query ($n: Int = 20) { customers(first: $n) { nodes { id } } }', {}, 21],
  ['a page by edges', '{ customers(first: 50) { edges { cursor node { id } } } }', {}, 57],
  ['pages within pages', '{ customers(last: 10) { nodes { orders(first: 20) { nodes { number } } } } }', {}, 214],
  ['a count', '{ customers(first: 1) { totalCount } }', {}, 11],
  ['the schema', '{ __schema { types { name fields { name } } } }', {}, 2_000],
  ['two at a time', '{ a: customers(first: 10) { nodes { id } } b: customers(first: 10) { nodes { id } } }', {}, 22],
])(
  'design C: the cost of %s is told when asked for, the same over HTTP and WebSocket',
  async (_, query, variables, cost) => {
    const key = await owner.newKey(['customers:read']);
    for (const ask of [overHttp(hub, key), overWebSocket(hub, key)]) {
      const answer = await ask(asking({ query, variables }));
      expect(answer.errors).toBeUndefined();
      expect(costOf(answer)).toBe(cost);
    }
    expect(await overHttp(hub, key)({ query, variables })).not.toHaveProperty('extensions');
  },
);

test('design C: 10,000 rows of a bulk insert cost some 1,000 points', async () => {
  const query =
    'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { counts { rows } results { code } } }';
  const customers = Array.from({ length: 10_000 }, () => ({}));
  const answer = await overHttp(
    hub,
    await owner.newKey(['customers:bulk']),
  )(asking({ query, variables: { input: { ownerCode: owner.code, dryRun: true, customers } } }));
  expect(answer.data).toMatchObject({ bulkInsertCustomers: { counts: { rows: 10_000 } } });
  expect(costOf(answer)).toBeGreaterThan(1_000);
  expect(costOf(answer)).toBeLessThan(1_050);
});

test('design C: who has spent all is told when to come back, over both transports, and nobody else is', async () => {
  const key = await owner.newKey(['customers:read']);
  const [http, ws] = [overHttp(hub, key), overWebSocket(hub, key)];
  const query =
    '{ customers(first: 100) { nodes { externalReferences { identifier } orders(first: 20) { nodes { id } } } } }';
  const first = await http({ query });
  expect(first.status).toBe(200);
  const left = Number(/r=(\d+)/.exec(first.headers!.get('ratelimit')!)?.[1]);
  expect(left).toBeLessThan(3_000);
  await http({ query });
  const refused = await http({ query });
  expect([refused.status, refused.errors?.[0]?.extensions.code]).toEqual([429, 'RATE_LIMITED']);
  expect(Number(refused.headers!.get('retry-after'))).toBeGreaterThan(60);
  expect(refused.errors![0]!.extensions).toMatchObject({ cost: { cost: expect.any(Number) as number } });
  const onSocket = await ws({ query });
  expect(onSocket.errors?.[0]?.extensions).toMatchObject({
    code: 'RATE_LIMITED',
    retryAfterSeconds: expect.any(Number) as number,
  });
  const other = overHttp(hub, await owner.newKey(['customers:read']));
  expect((await other({ query })).status).toBe(200);
});

test('design C: a query that is answered past Apollo is paid for as well, once', async () => {
  const ask = overHttp(hub, await owner.newKey(['customers:read']));
  const query = '{ customers(first: 99) { nodes { id } } } # known';
  const left: number[] = [];
  for (let i = 0; i < 4; i++) left.push(Number(/r=(\d+)/.exec((await ask({ query })).headers!.get('ratelimit')!)?.[1]));
  for (let i = 1; i < 4; i++) {
    expect(left[i - 1]! - left[i]!).toBeGreaterThan(98);
    expect(left[i - 1]! - left[i]!).toBeLessThan(104);
  }
});

test('design C: what is refused costs nothing, and the operator is not rationed', async () => {
  const ask = overHttp(hub, await owner.newKey(['customers:read']));
  for (let i = 0; i < 5; i++)
    expect((await ask({ query: '{ customers(first: 99999) { nodes { id } } }' })).errors).toBeDefined();
  const after = await ask({ query: '{ feedCursor }' });
  expect(Number(/r=(\d+)/.exec(after.headers!.get('ratelimit')!)?.[1])).toBeGreaterThan(4_990);
  const operator = overHttp(hub, adminKey);
  for (let i = 0; i < 4; i++)
    expect((await operator({ query: '{ __schema { queryType { name } } }' })).headers!.has('ratelimit')).toBe(false);
});

test('N1: the Netstorming door pays by its rows, and says 429 in its envelope', async () => {
  const key = await owner.newKey(['customers:bulk']);
  const insert = () =>
    fetch(`${hub.url}/api/customers/insert`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        key,
        owner_code: owner.code,
        dry_run: true,
        customers: Array.from({ length: 10_000 }, () => ({})),
      }),
    });
  let answer = await insert();
  expect(answer.status).toBe(200);
  for (let i = 0; i < 5 && answer.status === 200; i++) {
    await answer.body?.cancel();
    answer = await insert();
  }
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ results: [], errors: [{ 'line/index': 0 }] });
});
