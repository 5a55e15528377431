import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { overHttp, overWebSocket, type Ask, type Request } from './transports.js';

let hub: TestHub;
let owner: TestOwner;
const asks: Record<string, Ask> = {};
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  owner = await hub.owner();
  asks.HTTP = overHttp(hub, owner.key);
  asks.WebSocket = overWebSocket(hub, owner.key);
});
afterAll(() => hub.stop());

const list = <T>(n: number, one: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => one(i));
const lookUp = 'query ($code: String!) { customer(by: { code: $code }) { name } }';
const search = 'query ($where: CustomerWhereInput) { customers(first: 1, where: $where) { nodes { id } } }';
const create =
  'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { userErrors { code field } } }';
const orders = 'mutation ($input: RecordOrdersInput!) { recordOrders(input: $input) { userErrors { code field } } }';
const insert =
  'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { userErrors { code field } } }';
const tagging = 'mutation ($ids: [ID!]!) { tagCustomers(tagId: "1", customerIds: $ids) { userErrors { code field } } }';
const preview =
  'query ($t: String!) { previewWebhook(template: $t, customer: { code: "x" }) { userErrors { code field } } }';

const refused: [string, string | null, string, Request][] = [
  [
    'a string of 10,001 characters',
    'stringCharacters',
    '$code: ',
    { query: lookUp, variables: { code: 'x'.repeat(10_001) } },
  ],
  [
    'the same in an input',
    'stringCharacters',
    '$input.name: ',
    { query: create, variables: { input: { code: 'a', name: 'x'.repeat(10_001) } } },
  ],
  [
    'the same in a list',
    'stringCharacters',
    '$input.tags.1: ',
    { query: create, variables: { input: { code: 'a', tags: ['b', 'x'.repeat(10_001)] } } },
  ],
  [
    '1,001 tags',
    'listItems',
    '$input.tags: ',
    { query: create, variables: { input: { code: 'a', tags: list(1_001, String) } } },
  ],
  [
    '1,001 values of a criterion',
    'listItems',
    '$where.name.in: ',
    { query: search, variables: { where: { name: { in: list(1_001, String) } } } },
  ],
  [
    'an object of 300 fields',
    'objectFields',
    '$input: ',
    { query: create, variables: { input: Object.fromEntries(list(300, (i) => [`f${i}`, 1])) } },
  ],
  [
    'criteria 50 deep',
    null,
    '$where: ',
    { query: search, variables: { where: list(50, () => 0).reduce<object>((inner) => ({ not: inner }), {}) } },
  ],
  [
    'a long text in a row of orders',
    'stringCharacters',
    '$input.orders.0.number: ',
    { query: orders, variables: { input: { ownerCode: 'X', orders: [{ number: 'x'.repeat(10_001) }] } } },
  ],
];

const refusedOverHttp: typeof refused = [
  ['100,000 ids', 'rows', '$ids: ', { query: tagging, variables: { ids: list(100_000, String) } }],
  [
    '100,000 tags',
    'listItems',
    '$input.tags: ',
    { query: create, variables: { input: { code: 'a', tags: list(100_000, String) } } },
  ],
  [
    '100,000 orders',
    'rows',
    '$input.orders: ',
    { query: orders, variables: { input: { ownerCode: 'X', orders: list(100_000, () => ({})) } } },
  ],
  [
    '100,000 rows',
    'rows',
    '$input.customers: ',
    { query: insert, variables: { input: { ownerCode: 'X', customers: list(100_000, () => ({})) } } },
  ],
  [
    '100,000 values of a criterion',
    'listItems',
    '$where.id.in: ',
    { query: search, variables: { where: { id: { in: list(100_000, String) } } } },
  ],
  ['100,000 criteria', null, '$where: ', { query: search, variables: { where: { or: list(100_000, () => ({})) } } }],
  ['a string of 20 MB', 'stringCharacters', '$code: ', { query: lookUp, variables: { code: 'x'.repeat(20_000_000) } }],
  ['a template of 5 MB', 'textCharacters', '$t: ', { query: preview, variables: { t: 'x'.repeat(5_000_000) } }],
];

describe.each(['HTTP', 'WebSocket'])('over %s', (transport) => {
  test.each([...refused, ...(transport === 'HTTP' ? refusedOverHttp : [])])(
    'design C: %s is refused with its limit and its place',
    async (_, limit, place, request) => {
      const { errors, data } = await asks[transport]!(request);
      expect(data ?? null).toBeNull();
      expect(errors?.[0]?.extensions.code, JSON.stringify(errors)).toBe('BAD_USER_INPUT');
      expect((errors![0]!.extensions.limit as { name: string } | undefined)?.name ?? null).toBe(limit);
      expect(errors![0]!.message.startsWith(place), errors![0]!.message).toBe(true);
    },
  );

  test('design C: of many wrong values ten are told', async () => {
    const tags = list(50, () => 7);
    const { errors } = await asks[transport]!({ query: create, variables: { input: { code: 'a', tags } } });
    expect(errors!.length).toBeLessThanOrEqual(11);
    expect(errors!.at(-1)!.message).toContain('Too many errors');
  });
});

test('design C: what is known already is refused by its variables as well', async () => {
  for (let i = 0; i < 3; i++)
    expect((await asks.HTTP!({ query: lookUp, variables: { code: 'K1' } })).errors).toBeUndefined();
  const { errors } = await asks.HTTP!({ query: lookUp, variables: { code: 'x'.repeat(10_001) } });
  expect(errors?.[0]?.extensions.limit).toMatchObject({ name: 'stringCharacters', found: 10_001, where: '$code' });
});

test.each<[string, Request, object]>([
  ['10,000 characters', { query: lookUp, variables: { code: 'x'.repeat(10_000) } }, { customer: null }],
  [
    '1,000 values',
    { query: search, variables: { where: { name: { in: list(1_000, String) } } } },
    { customers: { nodes: [] } },
  ],
  [
    'a template of 70,000 characters',
    { query: preview, variables: { t: 'x'.repeat(70_000) } },
    { previewWebhook: { userErrors: [{ code: 'NOT_FOUND', field: 'customer' }] } },
  ],
  [
    '10,001 ids',
    { query: tagging, variables: { ids: list(10_001, String) } },
    { tagCustomers: { userErrors: [{ code: 'LIMIT_EXCEEDED' }] } },
  ],
])('design C: %s are judged by their own rule', async (_, request, data) => {
  const answer = await asks.HTTP!(request);
  expect(answer.errors).toBeUndefined();
  expect(answer.data).toMatchObject(data);
});

test('design C: an answer of more than 4 MiB is refused on every road, and that of a mutation is not', async () => {
  const long = 'ö'.repeat(1_000);
  const customers = list(100, (i) => ({ code: `L${i}`, name: `n${i}`, address: 'ü'.repeat(150) }));
  await owner.gql(insert, { input: { ownerCode: owner.code, customers } });
  await hub.clone.sql('UPDATE customer SET address = $2 WHERE owner_id = $1', [owner.id, long]);
  const fields = list(14, (i) => `a${i}: address`).join(' ');
  const query = `{ customers(first: 100) { nodes { ${fields} address } edges { node { ${fields.replace(/.*/s, 'address')} } } } }`;
  const large = query.replace('{ customers', '{ x: customers(first: 100) { nodes { address } } customers');
  const size = (await overHttp(hub, owner.key)({ query: large })).data;
  expect(size).toBeTruthy();
  await hub.clone.sql('UPDATE customer SET address = $2 WHERE owner_id = $1', [owner.id, 'ö'.repeat(10_000)]);
  for (const ask of [asks.HTTP!, asks.HTTP!, asks.HTTP!, asks.WebSocket!]) {
    const { errors, data } = await ask({ query: large });
    expect(errors?.[0]?.extensions.limit).toMatchObject({ name: 'resultBytes' });
    expect(data ?? null).toBeNull();
  }
});
