import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type Answer, type TestHub, type TestOwner } from '../hub.js';

let hub: TestHub;
let owner: TestOwner;
let stranger: string;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api', NODE_ENV: 'production' } });
  owner = await hub.owner();
  stranger = await owner.newKey(['changes:read']);
});
afterAll(() => hub.stop());

const json = 'application/json';
const graphql = 'application/graphql-response+json';
const { stringify } = JSON;

const send = (body: string, headers: Record<string, string>, key = owner.key) =>
  fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': json, authorization: `Bearer ${key}`, ...headers },
    body,
  });
const typeOf = (response: Response) => response.headers.get('content-type');

describe('GraphQL over HTTP, Accept: the type that the client likes best', () => {
  test.each([
    ['', json],
    ['*/*', json],
    ['application/*', json],
    ['APPLICATION/JSON', json],
    ['application/json; charset=UTF-8', json],
    ['text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8', json],
    ['application/json, text/plain, */*', json],
    ['multipart/mixed;deferSpec=20220824, application/json', json],
    ['application/graphql-response+json;q=0.4, application/json;q=0.5', json],
    ['application/graphql-response+json', graphql],
    ['application/graphql-response+json,application/json;q=0.9', graphql],
    ['application/graphql-response+json; charset=utf-8, application/json; charset=utf-8', graphql],
    [
      'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
      graphql,
    ],
    ['application/json;q=0.5, application/graphql-response+json;q=0.9', graphql],
    ['application/json;q=0, */*', graphql],
    ['*/*;q=0.1, application/graphql-response+json', graphql],
  ])('%s', async (accept, type) => {
    const query = '{ customers(first: 1) { totalCount } viewer { name } }'; // from the second time on past Apollo
    for (const body of [stringify({ query }), stringify({ query: '{ nonsense }' }), '{'])
      expect(typeOf(await send(body, { accept })), body).toBe(`${type}; charset=utf-8`);
    const unknown = await send(stringify({ query }), { accept, authorization: 'Bearer nonsense' });
    expect([unknown.status, typeOf(unknown)]).toEqual([401, `${type}; charset=utf-8`]);
  });

  test.each([
    'text/html',
    'text/event-stream',
    'application/graphql+json',
    'application/json; charset=iso-8859-1',
    'application/json;q=0',
    '*/*;q=0',
    'multipart/mixed',
    'nonsense',
  ])('%s: 406, and nothing is done', async (accept) => {
    const answer = await send(stringify({ query: 'mutation { createTag(name: "unseen") { tag { id } } }' }), {
      accept,
    });
    expect(answer.status).toBe(406);
    expect(((await answer.json()) as Answer<unknown>).errors?.[0]?.message).toContain(graphql);
    expect(await owner.gql('{ tags { name } }')).toEqual({ tags: [] });
  });
});

describe('GraphQL over HTTP, Status Codes: in GraphQL’s own type as it is, in plain JSON only for what is no operation', () => {
  const query = 'query ($n: Int!) { customers(first: $n) { totalCount } }';
  test.each<[string, string, number, number]>([
    ['a document that cannot be read', stringify({ query: '{' }), 200, 400],
    ['one that is not valid', stringify({ query: '{ nonsense }' }), 200, 400],
    ['too many tokens', stringify({ query: `{ ${'viewer { name } '.repeat(300)} }` }), 200, 400],
    ['no operation of that name', stringify({ query: 'query A { __typename }', operationName: 'B' }), 200, 400],
    ['one of two operations, unnamed', stringify({ query: 'query A { __typename } query B { __typename }' }), 200, 400],
    ['a variable that is missing', stringify({ query }), 200, 400],
    ['a variable of another type', stringify({ query, variables: { n: 'x' } }), 200, 400],
    ['a subscription', stringify({ query: 'subscription { customerSnapshots { cursor } }' }), 200, 400],
    ['a persisted query that is not there', stringify(persisted('a'.repeat(64))), 200, 400],
    ['a field that may not be read', stringify({ query: '{ apiKeys { id } }' }), 200, 200],
    ['half an answer', stringify({ query: '{ __typename apiKeys { id } }' }), 200, 200],
    ['a wrong argument', stringify({ query: '{ customers(first: 0) { totalCount } }' }), 200, 200],
    ['no query', stringify({ variables: {} }), 400, 400],
    ['variables that are no object', stringify({ query, variables: [7] }), 400, 400],
    ['an operation name that is no text', stringify({ query, operationName: 7 }), 400, 400],
    ['extensions that are no object', stringify({ query, extensions: 7 }), 400, 400],
    ['no JSON', '{ "query": ', 400, 400],
    ['a batch', stringify([{ query: '{ __typename }' }]), 400, 400],
  ])('%s', async (_, body, inJson, inGraphql) => {
    for (const [accept, status] of [
      [json, inJson],
      [graphql, inGraphql],
    ] as const) {
      const answer = await send(body, { accept });
      const { errors, ...rest } = (await answer.json()) as Answer<unknown>;
      expect([answer.status, typeOf(answer)], accept).toEqual([status, `${accept}; charset=utf-8`]);
      expect(errors, accept).not.toEqual([]);
      expect('data' in rest, accept).toBe(inGraphql === 200); // a refused operation has no data, not even null
    }
  });

  test('introspection by a key that may not: 403', async () => {
    const body = stringify({ query: '{ __schema { queryType { name } } }' });
    expect((await send(body, { accept: graphql }, stranger)).status).toBe(403);
    expect((await send(body, { accept: json }, stranger)).status).toBe(200);
  });
});

function persisted(sha256Hash: string) {
  return { extensions: { persistedQuery: { version: 1, sha256Hash } } };
}

describe('GraphQL over HTTP, Request: methods', () => {
  const at = (query: string) => `${hub.url}/graphql?${new URLSearchParams({ query }).toString()}`;
  const headers = () => ({ authorization: `Bearer ${owner.key}` });

  test('HEAD is a GET without the body', async () => {
    const [head, got] = [
      await fetch(at('{ __typename }'), { method: 'HEAD', headers: headers() }),
      await fetch(at('{ __typename }'), { headers: headers() }),
    ];
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(typeOf(head)).toBe(typeOf(got));
  });

  test.each(['GET', 'HEAD'])('a mutation by %s is 405 in either type, and nothing is written', async (method) => {
    for (const accept of [json, graphql]) {
      const answer = await fetch(at('mutation { createTag(name: "got") { tag { id } } }'), {
        method,
        headers: { ...headers(), accept },
      });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    }
    expect(await owner.gql('{ tags { name } }')).toEqual({ tags: [] });
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is 405 and says what there is', async (method) => {
    const answer = await fetch(at('{ __typename }'), { method, headers: headers() });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });

  test.each([
    ['variables=7', 'a number'],
    ['variables=[]', 'a list'],
    ['variables={', 'no JSON'],
    ['query={__typename}', 'the query twice'],
  ])('GET with %s: 400, for it is %s', async (more) => {
    const answer = await fetch(`${at('{ __typename }')}&${more}`, { headers: headers() });
    expect(answer.status).toBe(400);
  });
});
