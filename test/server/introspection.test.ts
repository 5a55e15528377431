import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Scope } from '../../src/access/scope.js';
import { follow, startTestHub, type TestHub, type TestOwner } from '../hub.js';

const introspections = [
  getIntrospectionQuery(),
  '{ __type(name: "Customer") { name } }',
  '{ viewer { name } ...more } fragment more on Query { found: __schema { queryType { name } } }',
  'query ($yes: Boolean = true) { ... on Query @include(if: $yes) { __type(name: "Tag") { name } } }',
];

describe.each([
  ['development', {}],
  ['production', { NODE_ENV: 'production' }],
])('in %s', (mode, env) => {
  let hub: TestHub;
  let owner: TestOwner;
  beforeAll(async () => {
    hub = await startTestHub({ env });
    owner = await hub.owner();
  });
  afterAll(() => hub.stop());

  /** What a key may see, over HTTP and over WebSocket. */
  async function codes(scope: Scope, query: string): Promise<(string | null)[]> {
    const key = await owner.newKey([scope]);
    const http = await hub.request(query, {}, { key });
    const ws = await follow(hub.subscriber(key), query)
      .nextResult()
      .catch((error: unknown) => ({ errors: error as { extensions: { code: string } }[] }));
    return [
      http.errors?.[0]?.extensions.code ?? null,
      (ws.errors?.[0]?.extensions?.code as string | undefined) ?? null,
    ];
  }

  test.each(introspections)(
    'api 3: introspection with any key in development, with schema:read alone in production: %.60s',
    async (query) => {
      expect(await codes('schema:read', query)).toEqual([null, null]);
      const refused = mode === 'production' ? 'FORBIDDEN' : null;
      expect(await codes('customers:write', query)).toEqual([refused, refused]);
    },
  );

  test('api 3: __typename is no introspection', async () => {
    expect(await codes('customers:write', '{ __typename viewer { __typename } }')).toEqual([null, null]);
  });

  test('design C: a misspelt name is answered with suggestions in development only', async () => {
    const key = await owner.newKey(['customers:write']);
    const http = await hub.request('{ viewer { nam } }', {}, { key });
    const ws = await follow(hub.subscriber(key), '{ viewer { nam } }')
      .nextResult()
      .catch((error: unknown) => ({ errors: error as { message: string }[] }));
    for (const message of [http.errors?.[0]?.message, ws.errors?.[0]?.message]) {
      expect(message).toContain('Cannot query field "nam"');
      expect(message?.includes('Did you mean')).toBe(mode === 'development');
    }
  });

  test('design C: misspelt variables are suggested in development only', async () => {
    const key = await owner.newKey(['customers:write']);
    const query = 'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } } }';
    const variables = { input: { code: 'A', nam: 'A' } };
    const http = await hub.request(query, variables, { key });
    const ws = await follow(hub.subscriber(key), query, variables).nextResult();
    for (const error of [http.errors?.[0], ws.errors?.[0]]) {
      expect(error?.extensions?.code).toBe('BAD_USER_INPUT');
      expect(error?.message.includes('Did you mean')).toBe(mode === 'development');
    }
  });
});
