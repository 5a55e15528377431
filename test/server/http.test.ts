import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMetrics } from '../../src/metrics.js';
import { startTestHub, type Answer, type TestHub, type TestOwner } from '../hub.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
});
afterAll(() => hub.stop());

const as = (headers: Record<string, string> = {}) => ({ authorization: `Bearer ${owner.key}`, ...headers });
const get = (path: string, init: RequestInit = {}) => fetch(`${hub.url}${path}`, init);
const query = (text: string) => `/graphql?query=${encodeURIComponent(text)}`;
const errorsOf = async (response: Response) => ((await response.json()) as Answer<unknown>).errors;

test('api 1: GET answers a query, with variables and an operation name', async () => {
  const response = await get(
    `${query('query A { viewer { name } } query B($n: Int) { customers(first: $n) { totalCount } }')}&operationName=B&variables={"n":1}`,
    { headers: as() },
  );
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ data: { customers: { totalCount: 0 } } });
});

test('api 1: GET without a query, and POST without one, are 400', async () => {
  expect((await get('/graphql', { headers: as() })).status).toBe(400);
  for (const body of [
    '{}',
    '{"query":null}',
    '{"query":5}',
    'null',
    '"text"',
    '7',
    'true',
    '{"query":"{viewer{name}}","variables":"x"}',
  ]) {
    const response = await post(body);
    expect(response.status, body).toBe(400);
    expect(await errorsOf(response), body).toHaveLength(1);
  }
});

test('api 3: an unknown field is GRAPHQL_VALIDATION_FAILED, a broken document a syntax error; both say where', async () => {
  const unknown = await hub.request('{ viewer { name nonsense } }', {}, { key: owner.key });
  expect([unknown.status, unknown.errors?.[0]?.extensions.code]).toEqual([200, 'GRAPHQL_VALIDATION_FAILED']);
  expect(unknown.errors?.[0]).toMatchObject({ locations: [{ line: 1, column: 17 }] });
  const broken = await hub.request('{ viewer { name ', {}, { key: owner.key });
  expect([broken.status, broken.errors?.[0]?.extensions.code]).toEqual([200, 'GRAPHQL_PARSE_FAILED']);
});

test.each([
  [{ input: { code: 'A', name: 'A', tags: ['x', null] } }, /at "input.tags\[1\]"/],
  [{ input: { code: 5, name: 'A' } }, /at "input.code"/],
  [{ input: { code: 'A', name: 'A', sex: 'OTHER' } }, /at "input.sex"/],
  [{ input: { code: 'A', name: 'A', nonsense: 1 } }, /"nonsense" is not defined/],
  [{ input: { code: 'A', name: 'A', birthDate: { year: 1.5 } } }, /at "input.birthDate.year"/],
  [{}, /"\$input" of required type/],
])('api 3: variables %j are BAD_USER_INPUT and say where', async (variables, message) => {
  const answer = await hub.request(
    'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } } }',
    variables,
    {
      key: owner.key,
    },
  );
  expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect(answer.errors?.[0]?.message).toMatch(message);
  expect(await hub.clone.sql('SELECT FROM customer')).toEqual([]);
});

test('api 3: an identifier with none or two of its members is refused before anything is read', async () => {
  for (const by of ['{}', '{ id: "1", code: "A" }', '{ id: null }']) {
    const answer = await hub.request(`{ customer(by: ${by}) { id } }`, {}, { key: owner.key });
    expect(answer.errors?.[0]?.extensions.code, by).toBe('GRAPHQL_VALIDATION_FAILED');
  }
});

test('api 1: a subscription over HTTP is refused with a hint where it goes', async () => {
  const answer = await hub.request('subscription { customerSnapshots { cursor } }', {}, { key: owner.key });
  expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  expect(answer.errors?.[0]?.message).toContain('WebSocket');
});

test('design C: more than 1,000 tokens are refused over HTTP', async () => {
  const answer = await hub.request(`{ ${'viewer { name } '.repeat(300)} }`, {}, { key: owner.key });
  expect(answer.errors?.[0]?.message).toContain('1000 tokens');
});

test('api 1: health, readiness and figures are told without a key', async () => {
  expect(await (await get('/healthz')).text()).toBe('ok\n');
  expect(await (await get('/readyz')).text()).toBe('ready\n');
  const metrics = await get('/metrics');
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await metrics.text();
  for (const figure of [/^process_resident_memory_bytes \d/m, /^stamdata_http_request_seconds_count\{.* \d/m])
    expect(text).toMatch(figure);
});

test('what Node itself costs is measured once in a process, however many hubs it has had; requests by each of them', () => {
  const [one, other] = [
    createMetrics(hub.database.db, { deliveries: null, refused: null, operations: null }),
    createMetrics(hub.database.db, { deliveries: null, refused: null, operations: null }),
  ];
  const shared = (name: string) => one.registry.getSingleMetric(name) === other.registry.getSingleMetric(name);
  expect(one.registry.getSingleMetric('nodejs_gc_duration_seconds')).toBeDefined();
  expect(shared('nodejs_gc_duration_seconds')).toBe(true);
  expect(shared('stamdata_http_request_seconds')).toBe(false);
});

test('api 1: every answer has a request id of its own and is not to be sniffed', async () => {
  const answers = await Promise.all(['/graphql', '/healthz', '/nothing', '/'].map((path) => get(path)));
  const ids = answers.map((answer) => answer.headers.get('x-request-id'));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(new Set(ids).size).toBe(4);
  for (const answer of answers) expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
});

test('api 1: an unknown path is 404 and says where the API is; a long one is not echoed whole', async () => {
  const response = await get(`/${'x'.repeat(2_000)}?key=secret`);
  const text = await response.text();
  expect([response.status, text.length < 400, text.includes('/graphql'), text.includes('secret')]).toEqual([
    404,
    true,
    true,
    false,
  ]);
});

test('design C: 200 reads, each with an edge, leave every connection of the pool free', async () => {
  const open = () =>
    hub.clone.sql(`SELECT query FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'`);
  for (let round = 0; round < 10; round++)
    await Promise.all(
      Array.from({ length: 20 }, () =>
        owner.gql('{ owner { id } tags { id } customers(first: 2) { totalCount nodes { tags { id } } } }'),
      ),
    );
  await owner.gql(
    'mutation { createCustomer(input: { code: "POOL", name: "P" }) { customer { tags { id } snapshot { version } } } }',
  );
  const deadline = Date.now() + 2_000; // machines come and go: once must be empty
  while ((await open()).length > 0) expect(Date.now()).toBeLessThan(deadline);
});

const post = (body: string, headers: Record<string, string> = {}) =>
  get('/graphql', { method: 'POST', headers: as({ 'content-type': 'application/json', ...headers }), body });
