import { getNamedType, GraphQLObjectType, isLeafType, isObjectType, parse, type GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, beforeEach, expect, test, vi, type MockInstance } from 'vitest';
import { ReadTransaction } from '../../src/database/read-transaction.js';
import { Documents } from '../../src/limits/documents.js';
import { createSchema } from '../../src/schema.js';
import { chanceOf, randomDocument } from '../graphql/compiled/random-document.js';
import { adminKey, startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { makeManyKinds } from './many-kinds.js';

let hub: TestHub;
let owner: TestOwner;
let anew = 0;
let schema: GraphQLSchema;
/** Called for each answer that PostgreSQL has written. */
let written: MockInstance<ReadTransaction['only']>;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
  schema = await createSchema();
  await makeManyKinds(hub, owner, 12);
  written = vi.spyOn(ReadTransaction.prototype, 'only');
}, 60_000);
beforeEach(() => {
  written.mockClear();
});
afterAll(async () => {
  written.mockRestore();
  await hub.stop();
});

async function bodyOf(query: string, variables: object, key = owner.key): Promise<string> {
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, 'stamdata-owner': owner.code },
    body: JSON.stringify({ query, variables }),
  });
  return response.text();
}

/** The answer of graphql-js, who executes what comes for the first time, and the one that the query is answered with again. */
async function bothAnswers(query: string, variables: object = {}, key?: string): Promise<[string, string]> {
  return [plain(await bodyOf(query, variables, key)), plain(await bodyOf(query, variables, key))];
}

/** PostgreSQL puts spaces where JavaScript puts none; the order of the members stays. */
const plain = (body: string): string => JSON.stringify(JSON.parse(body));

const leavesOf = (type: GraphQLObjectType, deep = 3): string =>
  Object.values(type.getFields())
    .map((field) => {
      const inner = getNamedType(field.type);
      if (isLeafType(inner)) return field.name;
      return deep > 0 && isObjectType(inner) && field.args.length === 0
        ? `${field.name} { ${leavesOf(inner, deep - 1)} }`
        : '';
    })
    .join(' ');

test('every field of a customer that has no arguments is written by PostgreSQL, and as graphql-js would', async () => {
  const type = schema.getType('Customer') as GraphQLObjectType;
  const fields = Object.values(type.getFields()).filter(({ args }) => args.length === 0);
  expect(fields.length).toBeGreaterThan(50);
  for (const field of fields) {
    const inner = getNamedType(field.type);
    const selected = isObjectType(inner) ? `${field.name} { ${leavesOf(inner)} }` : field.name;
    const query = `{ customers(first: 20) { nodes { it: id ${selected} } } }`;
    written.mockClear();
    const [first, again] = await bothAnswers(query);
    expect(again, query).toBe(first);
    expect(first).toContain(`"${field.name}"`);
    expect(written, query).toHaveBeenCalledOnce();
  }
});

test.each([
  ['forward', 'first: 5'],
  ['backward', 'last: 5'],
  ['in an order', 'first: 5, orderBy: { field: NAME, direction: DESC }'],
  ['nobody', 'first: 5, where: { code: { eq: "nobody" } }'],
  ['those that meet criteria', 'first: 5, where: { or: [{ code: { in: ["C1", "C3"] } }, { tag: { name: "VIP" } }] }'],
])('a page of customers is the same, with its cursors: %s', async (_, args) => {
  const query = `{ page: customers(${args}) { __typename edges { c: cursor __typename node { code } }
    nodes { __typename code tags { __typename name } } pageInfo { __typename hasNextPage hasPreviousPage startCursor end: endCursor } } }`;
  const [first, again] = await bothAnswers(query);
  expect(JSON.parse(first)).toMatchObject({ data: { page: { pageInfo: {} } } });
  expect(again).toBe(first);
  expect(written).toHaveBeenCalledOnce();
});

test('pages follow each other by their cursors', async () => {
  const query =
    'query ($after: String) { customers(first: 5, after: $after) { nodes { code } pageInfo { endCursor hasNextPage } } }';
  const codes: string[] = [];
  let after: string | null = null;
  for (let more = true; more;) {
    const { data } = JSON.parse(await bodyOf(query, { after })) as {
      data: { customers: { nodes: { code: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } };
    };
    codes.push(...data.customers.nodes.map(({ code }) => code));
    ({ endCursor: after, hasNextPage: more } = data.customers.pageInfo);
  }
  expect(codes).toEqual(Array.from({ length: 12 }, (_, i) => `C${i}`));
  expect(written).toHaveBeenCalledTimes(2); // the first page was the first time
});

test.each([
  ['an id', (id: string) => ({ id })],
  ['a code in another case', () => ({ code: 'c3 ' })],
  ['a pair by code', () => ({ external: { system: 'woocommerce', identifier: 'S3' } })],
  ['a pair by number', () => ({ external: { system: '6', identifier: 'S3' } })],
  ['an id that is none', () => ({ id: '007x' })],
  ['a code that nobody has', () => ({ code: 'nobody' })],
  ['a text that PostgreSQL cannot hold', () => ({ code: 'C3\0' })],
])('T9, T10: a customer is looked up by %s in one statement, and the same', async (_, identifierOf) => {
  const [{ id }] = (await hub.clone.sql<{ id: string }>("SELECT id FROM customer WHERE owner_id = $1 AND code = 'C3'", [
    owner.id,
  ])) as [{ id: string }];
  const query = `query ($by: CustomerIdentifierInput!) { customer(by: $by) { code ${leavesOf(schema.getType('Customer') as GraphQLObjectType, 1).replaceAll(/\w+ \{ {2,}\}/g, '')} } }`;
  const [, again] = await bothAnswers(query, { by: identifierOf(id) });
  written.mockClear();
  const first = plain(await bodyOf(`# ${++anew}\n${query}`, { by: identifierOf(id) }));
  expect(again).toBe(first);
  expect(written).not.toHaveBeenCalled();
});

test('A44: an excluded customer is written for admins alone', async () => {
  await hub.clone.sql("UPDATE customer SET excluded = true WHERE owner_id = $1 AND code = 'C4'", [owner.id]);
  for (const query of [
    '{ customer(by: { code: "C4" }) { code snapshot { code } } }',
    '{ customers(first: 1, where: { code: { eq: "C4" } }) { nodes { code snapshot { name } } } }',
  ]) {
    const [first, again] = await bothAnswers(query);
    expect(again).toBe(first);
    expect(again).not.toContain('"C4"');
    const forAdmin = await bothAnswers(query, {}, adminKey);
    expect(forAdmin[1]).toBe(forAdmin[0]);
    expect(forAdmin[1]).toContain('"C4"');
  }
  await hub.clone.sql("UPDATE customer SET excluded = false WHERE owner_id = $1 AND code = 'C4'", [owner.id]);
});

test('what cannot be written is told by graphql-js: a page too large, a missing scope', async () => {
  const tooMany = await bothAnswers('{ customers(first: 101) { nodes { code } } }');
  expect(tooMany[0]).toContain('first must be 1 to 100, not 101');
  expect(tooMany[1]).toBe(tooMany[0]);
  const without = await bothAnswers(
    '{ customers(first: 2) { nodes { code } } }',
    {},
    await owner.newKey(['changes:read']),
  );
  expect(without[1]).toBe(without[0]);
  expect(without[1]).toContain('this key lacks the scope customers:read');
});

test('random selections of customers are answered the same again, to the order of the fields', async () => {
  const { customers, customer } = schema.getQueryType()!.toConfig().fields;
  const root = new GraphQLObjectType({ name: 'Query', fields: { customers: customers!, customer: customer! } });
  const sized = (document: string): string =>
    document
      .replaceAll(/\b(customers|orders|bookings) (?=(@\w+\(if: \$?\w+\) )*\{)/g, '$1(first: 3) ')
      .replaceAll('{id: "1"}', '{code: "C3"}');
  // more aliases than clients may send: what is compared here are the two roads behind that limit
  const unlimited = vi.spyOn(Documents.prototype, 'read').mockImplementation((text) => parse(text));
  let [compared, byPostgres] = [0, 0];
  for (let seed = 0; compared < 60; seed++) {
    const query = sized(randomDocument(root, chanceOf(seed), 5));
    if (query.length > 4_000) continue; // the hub takes documents up to a number of tokens
    written.mockClear();
    const [first, again] = await bothAnswers(query, { yes: seed % 2 === 0, no: seed % 3 === 0 });
    expect(first, query).not.toContain('"errors"');
    expect(again, query).toBe(first);
    compared++;
    byPostgres += Math.sign(written.mock.calls.length);
  }
  unlimited.mockRestore();
  expect(byPostgres).toBeGreaterThan(10);
}, 60_000);

test('a customer whose snapshot is missing is an error at its place, and the others have theirs', async () => {
  await hub.clone.sql("DELETE FROM customer_snapshot WHERE owner_id = $1 AND body->>'code' = 'C5'", [owner.id]);
  const query = '{ customers(first: 20) { nodes { code snapshot { code } } } }';
  for (const body of [await bodyOf(query, {}), await bodyOf(query, {})])
    expect(JSON.parse(body)).toMatchObject({
      data: null,
      errors: [{ path: ['customers', 'nodes', 5, 'snapshot'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
  expect(written).toHaveBeenCalledOnce(); // it was tried
  const [first, again] = await bothAnswers('{ customers(first: 5) { nodes { code snapshot { code } } } }');
  expect(again).toBe(first);
  expect(first).not.toContain('errors');
});
