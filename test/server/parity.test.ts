import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../feed/events.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { Wire } from './protocol/wire.js';

interface Call {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

const create =
  'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { code } userErrors { code } } }';
const bulk =
  'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { errors { errors } counts { rows } } }';
const list = 'query ($n: Int!, $where: CustomerWhereInput) { customers(first: $n, where: $where) { totalCount } }';
const by = 'query ($by: CustomerIdentifierInput!) { customer(by: $by) { code } }';
const nested = (depth: number): object => (depth === 0 ? {} : { and: [nested(depth - 1)] });
const two = 'query A { viewer { name } } query B { owner { code } }';

const calls: [string, Call][] = [
  ['a query', { query: '{ viewer { name } customers(first: 1) { nodes { code name } } }' }],
  [
    'a query with fragments and aliases',
    { query: '{ a: owner { ...F } b: owner { ...F } } fragment F on Owner { code }' },
  ],
  ['a query with variables', { query: list, variables: { n: 1, where: {} } }],
  [
    'variables that decide',
    { query: 'query ($x: Boolean = false) { owner { code id @include(if: $x) } }', variables: null },
  ],
  ['one of two operations', { query: two, operationName: 'B' }],
  ['a name of a type', { query: '{ __typename viewer { __typename } }' }],
  ['nobody', { query: '{ customer(by: { code: "NOBODY" }) { code } }' }],
  ['a mutation that finds faults', { query: create, variables: { input: { code: '', name: '' } } }],
  ['introspection', { query: '{ __type(name: "Owner") { kind } }' }],
  ['half of a document', { query: '{ viewer { name ' }],
  ['a document of comments only', { query: '# {' }],
  ['an open text', { query: '{ customer(by: { code: "A }) { code } }' }],
  ['a document too long', { query: `{ ${'viewer { name } '.repeat(300)} }` }],
  ['an unknown field', { query: '{ viewer { nam } }' }],
  ['an unknown argument', { query: '{ customers(firs: 1) { totalCount } }' }],
  ['ten faults', { query: `{ ${Array.from({ length: 10 }, (_, i) => `x${i}`).join(' ')} }` }],
  ['a fragment of itself', { query: '{ ...F } fragment F on Query { ...F }' }],
  ['a fragment that is not used', { query: '{ viewer { name } } fragment F on Query { viewer { name } }' }],
  ['a directive that is not there', { query: '{ viewer @defer { name } }' }],
  ['two operations of one name', { query: 'query A { viewer { name } } query A { viewer { name } }' }],
  ['two operations, none named', { query: two }],
  ['two operations, another named', { query: two, operationName: 'C' }],
  ['two operations, an empty name', { query: two, operationName: '' }],
  ['one operation, another named', { query: 'query A { viewer { name } }', operationName: 'B' }],
  ['no operation', { query: 'fragment F on Query { viewer { name } }' }],
  ['a variable that is missing', { query: list, variables: {} }],
  ['no variables at all', { query: list }],
  ['a variable of another type', { query: list, variables: { n: 'one' } }],
  ['null where there must be something', { query: list, variables: { n: null } }],
  ['a number out of range', { query: list, variables: { n: 2 ** 40 } }],
  ['criteria too deep', { query: list, variables: { n: 1, where: nested(40) } }],
  ['criteria too many', { query: list, variables: { n: 1, where: { and: Array.from({ length: 600 }, () => ({})) } } }],
  ['two keys in one identifier', { query: by, variables: { by: { code: 'A', id: '1' } } }],
  ['two keys in the document', { query: '{ customer(by: { code: "A", id: "1" }) { code } }' }],
  ['a misspelt field of an input', { query: create, variables: { input: { code: 'A', nam: 'A' } } }],
  [
    'a field that no object has',
    { query: by, variables: JSON.parse('{"by":{"__proto__":{"code":"A"}}}') as object as never },
  ],
  [
    'a login in a row that cannot be read',
    { query: bulk, variables: { input: { ownerCode: 'X', customers: [{ adminUser: { pasword: 'hunter2' } }] } } },
  ],
  ['rows of another owner', { query: bulk, variables: { input: { ownerCode: 'X', customers: [{ code: 'A' }] } } }],
  ['no list', { query: '{ customers(first: 0) { totalCount } }' }],
  ['a cursor of nobody', { query: '{ customers(first: 1, after: "nonsense") { totalCount } }' }],
  ['an id that is none', { query: 'mutation { deleteContactInfo(id: "x") { deletedId userErrors { code } } }' }],
  ['a field without the scope', { query: '{ viewer { name } apiKeys { id } }' }],
  ['a mutation without the scope', { query: 'mutation { createOwner(input: { code: "N" }) { owner { id } } }' }],
  ['a field that breaks', { query: '{ viewer { name } tags { name } }' }],
  ['a mutation that breaks', { query: 'mutation { createTag(name: "x") { tag { id } } }' }],
];

describe.each([
  ['development', {}],
  ['production', { NODE_ENV: 'production' }],
])('in %s', (_, env) => {
  let hub: TestHub;
  let owner: TestOwner;
  let wires: Map<string, Wire>;
  let keys: string[];
  beforeAll(async () => {
    hub = await startTestHub({ env });
    owner = await hub.owner();
    await owner.gql('mutation { createCustomer(input: { code: "A", name: "A" }) { userErrors { code } } }');
    keys = [owner.key, await owner.newKey(['customers:write'])];
    wires = new Map();
    for (const key of keys) wires.set(key, await (await Wire.open(hub.url)).connect(key));
    await hub.clone.sql('ALTER TABLE tag RENAME COLUMN name TO renamed');
  });
  afterAll(async () => {
    for (const wire of wires.values()) wire.destroy();
    await hub.stop();
  });

  async function overHttp(call: Call, key: string): Promise<FormattedExecutionResult> {
    const response = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(call),
    });
    return (await response.json()) as FormattedExecutionResult;
  }

  let asked = 0;
  async function overSocket(call: Call, key: string): Promise<FormattedExecutionResult> {
    const wire = wires.get(key)!;
    const id = `${asked++}`;
    wire.send({ id, type: 'subscribe', payload: call });
    await eventually(() => /complete|error/.test(wire.of(id).at(-1)?.type ?? ''), 'an answer');
    const { type, payload } = wire.of(id)[0]!;
    return (type === 'error' ? { errors: payload } : payload) as FormattedExecutionResult;
  }

  test.each(calls)(
    'design 0.6: %s is answered the same over HTTP, over HTTP again, and over WebSocket',
    async (_name, call) => {
      for (const key of keys) {
        const first = plain(await overHttp(call, key));
        expect(plain(await overHttp(call, key)), 'again').toEqual(first);
        expect(plain(await overSocket(call, key)), 'over WebSocket').toEqual(first);
        expect(first).not.toMatch(/hunter2|renamed|42703/);
      }
    },
  );
});

/** In one form: keys in one order, and without the id of the request. */
function plain({ data, errors, extensions }: FormattedExecutionResult): string {
  const text = JSON.stringify({ data, errors: errors?.map(inOrder), extensions }, null, 1);
  return text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id');
}

const inOrder = ({ message, locations, path, extensions, ...more }: GraphQLFormattedError) => ({
  ...{ message, locations, path, extensions, more },
});
