import type { GraphQLSchema } from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi, type MockInstance } from 'vitest';
import { createSchema } from '../../src/schema.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { filledOwner } from './filled-owner.js';
import { fieldsOf, objectOf, selection, type Field } from './selection.js';

/** The most statements that a query of one field of the root may take, whatever is selected of it. */
const most = 8;
const many = 20;

let hub: TestHub;
let schema: GraphQLSchema;
let query: MockInstance<pg.Client['query']>;
/** Owners with one and with many of everything. */
let owners: { one: TestOwner; many: TestOwner };
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  owners = { one: await filledOwner(hub, 1), many: await filledOwner(hub, many) };
  schema = await createSchema();
  query = vi.spyOn(pg.Client.prototype, 'query');
}, 60_000);
afterAll(async () => {
  query.mockRestore();
  await hub.stop();
});

/** The statements of the hub's functions that an answer takes, by name. */
async function statementsOf(owner: TestOwner, document: string, variables: object): Promise<string[]> {
  query.mockClear();
  const { errors } = await hub.request(document, variables, { owner: owner.code });
  expect(errors, document).toBeUndefined();
  const texts = query.mock.calls.map(([first]) =>
    typeof first === 'string' ? first : (first as unknown as { text: string }).text,
  );
  const named = texts.flatMap((text) => /^\s*\/\* (\w+) \*\//.exec(text)?.[1] ?? []);
  return named.filter((name) => name !== 'ownerByCode'); // who calls and for whom is asked in front of it
}

/** Arguments without which a field of the root cannot be asked; SQL for their values, of the owner $1. */
const demanded: Record<string, Record<string, [type: string, sql: string]>> = {
  bulkOperation: { id: ['ID!', 'SELECT min(id)::text FROM bulk_operation WHERE owner_id = $1'] },
  customer: { by: ['CustomerIdentifierInput!', "SELECT json_build_object('code', 'C0')"] },
  explainDelivery: {
    endpointId: ['ID!', 'SELECT min(id)::text FROM webhook_endpoint WHERE owner_id = $1'],
    customerId: ['ID!', 'SELECT min(id)::text FROM customer WHERE owner_id = $1'],
  },
  explainGuestFeed: {
    feedId: ['ID!', 'SELECT min(id)::text FROM guest_feed WHERE owner_id = $1'],
    bookingNumber: ['String!', "SELECT 'P0'"],
  },
  previewWebhook: {
    template: ['String!', "SELECT '{}'"],
    customer: ['CustomerIdentifierInput!', "SELECT json_build_object('code', 'C0')"],
  },
  webhookParked: { endpointId: ['ID!', 'SELECT min(id)::text FROM webhook_endpoint WHERE owner_id = $1'] },
  webhookReplay: { id: ['ID!', 'SELECT min(id)::text FROM webhook_replay WHERE owner_id = $1'] },
};

/** A query of one field of the root with its arguments as variables. */
function documentOf(root: Field, selected: string): string {
  const given = demanded[root.name] ?? {};
  const variables = Object.entries(given).map(([name, [type]]) => `$${name}: ${type}`);
  const args = [
    ...Object.keys(given).map((name) => `${name}: $${name}`),
    ...(root.args.some(({ name }) => name === 'first') ? [`first: ${many}`] : []),
  ];
  return `query${variables.length > 0 ? ` (${variables.join(', ')})` : ''} { ${root.name}${args.length > 0 ? `(${args.join(', ')})` : ''} ${selected} }`;
}

async function variablesOf(root: Field, owner: TestOwner): Promise<object> {
  const given = Object.entries(demanded[root.name] ?? {}).map(async ([name, [, sql]]) => {
    const [row] = await hub.clone.sql<{ value: unknown }>(`SELECT (${sql}) AS value, $1::bigint AS owner`, [owner.id]);
    return [name, row!.value] as const;
  });
  return Object.fromEntries(await Promise.all(given));
}

/** The documents for a field of the root: its plain fields, each field with all that is below it, and all of them together. */
function documentsOf(root: Field): string[] {
  const type = objectOf(root);
  if (!type) return [documentOf(root, '')];
  const fields = fieldsOf(type);
  const leaves = fields.filter((field) => !objectOf(field)).map(({ name }) => name);
  const parts = fields.filter(objectOf).map((field) => selection(field, 3, many));
  return [leaves.join(' '), ...parts, [...leaves, ...parts].join(' ')]
    .filter((selected) => selected !== '')
    .map((selected) => documentOf(root, `{ ${selected} }`));
}

test('issue 7: what a query selects costs the same few statements for one row and for twenty', async () => {
  let documents = 0;
  for (const root of fieldsOf(schema.getQueryType()!)) {
    for (const document of documentsOf(root)) {
      if (document.split(/\W+/).length > 900) continue; // the hub takes no longer ones
      for (const round of ['executed by graphql-js', 'executed again']) {
        const few = await statementsOf(owners.one, document, await variablesOf(root, owners.one));
        const lots = await statementsOf(owners.many, document, await variablesOf(root, owners.many));
        expect(lots.length, `${round}: ${document}\n${lots.join(' ')}`).toBeLessThanOrEqual(Math.max(few.length, 1));
        expect(lots.length, `${round}: ${document}\n${lots.join(' ')}`).toBeLessThanOrEqual(most);
      }
      documents++;
    }
  }
  expect(documents).toBeGreaterThan(40);
  expect(Object.keys(demanded).filter((name) => !schema.getQueryType()!.getFields()[name])).toEqual([]);
}, 120_000);
