import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { bulkInsert, faultsOf, type BulkAnswer } from './partner-rows.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const row = (code: string, changes: object = {}) => ({ code, name: `Customer ${code}`, ...changes });
const results = 'bulkInsertCustomers { results { code customer } errors { index errors } counts { customers } }';
const fields = results.slice(results.indexOf('{'));

test('A15: what a row holds may have any shape: that is wrong with the row, and not with the call', async () => {
  const owner = await hub.owner();
  const answer = await bulkInsert(owner, [
    row('A', { adminUser: 'nobody' }),
    row('B', { tags: 5 }),
    row('C', { externalReferences: ['WOOCOMMERCE'] }),
    row('D', { email: { at: 'home' } }),
    row('E', { tags: 'VIP', externalReferences: { system: 'WOOCOMMERCE', identifier: 'e' } }),
    row('F'),
  ]);
  expect([1, 2, 3, 4].flatMap((index) => faultsOf(answer, index))).toEqual([
    'INVALID adminUser',
    'INVALID tags.0',
    'INVALID externalReferences.0',
    'INVALID email',
  ]);
  expect(answer.counts).toMatchObject({ rows: 6, customers: 2, rejected: 4 });
});

test('a field that rows do not have refuses the call and is named with its place, within objects of a row too', async () => {
  const owner = await hub.owner();
  const wrong: [object, RegExp][] = [
    [row('B', { emial: 'x@y.example' }), /customers\[1\].*"emial" is not defined/],
    [row('B', { adminUser: { name: 'N', paswort: 'x' } }), /customers\[1\]\.adminUser.*"paswort" is not defined/],
    [
      row('B', { externalReferences: [{ system: 'WOOCOMMERCE', id: '1' }] }),
      /customers\[1\]\.externalReferences\[0\].*"id" is not defined/,
    ],
  ];
  for (const [bad, message] of wrong) {
    const variables = { input: { ownerCode: owner.code, customers: [row('A'), bad] } };
    const query = `mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) ${fields} }`;
    const answer = await hub.request(query, variables, { key: owner.key });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(answer.errors![0]!.message).toMatch(message);
  }
});

test('rows are the same from a variable of their own, from one each, in the document, and over WebSocket', async () => {
  const owner = await hub.owner();
  const outcome = (codes: string[]) => ({
    bulkInsertCustomers: {
      results: codes.map((code) => ({ code, customer: true })),
      errors: [],
      counts: { customers: codes.length },
    },
  });
  const call = (signature: string, rows: string) =>
    `mutation (${signature}) { bulkInsertCustomers(input: { ownerCode: "${owner.code}", customers: ${rows} }) ${fields} }`;
  const list = await owner.gql(call('$rows: [CustomerRowInput!]!', '$rows'), { rows: [row('A'), row('B')] });
  expect(list).toEqual(outcome(['A', 'B']));
  const single = await owner.gql(call('$rows: [CustomerRowInput!]!', '$rows'), { rows: row('C') });
  expect(single).toEqual(outcome(['C']));
  const each = await owner.gql(call('$one: CustomerRowInput!, $other: CustomerRowInput!', '[$one, $other]'), {
    ...{ one: row('D'), other: row('E') },
  });
  expect(each).toEqual(outcome(['D', 'E']));
  const literal = await owner.gql(call('$name: Loose', '[{ code: "F", name: $name, tags: ["VIP"] }]'), { name: 'F' });
  expect(literal).toEqual(outcome(['F']));
  const client = hub.subscriber(owner.key);
  const query = `mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) ${fields} }`;
  const variables = { input: { ownerCode: owner.code, customers: [row('G', { adminUser: 'x' }), row('H')] } };
  const answers = client.iterate<{ bulkInsertCustomers: BulkAnswer }>({ query, variables });
  const answer = (await answers.next()) as { value: { data: object } };
  expect(answer.value.data).toMatchObject({
    bulkInsertCustomers: { errors: [{ index: 1, errors: ['invalid adminUser'] }], counts: { customers: 1 } },
  });
});
