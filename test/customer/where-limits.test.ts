import { afterAll, beforeAll, expect, test } from 'vitest';
import { follow, startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { searchQuery } from './where-desk.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  owner = await hub.owner();
});
afterAll(() => hub.stop());

const ask = (where: unknown) => hub.request(searchQuery, { first: 1, where }, { key: owner.key });

/** The text of the refusal; null when the search was done. */
async function refusal(where: unknown): Promise<string | null> {
  const { errors } = await ask(where);
  if (!errors) return null;
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  return errors[0]!.message;
}

const nested = (depth: number, connective: 'and' | 'or' | 'not'): object =>
  depth === 0 ? { name: { eq: 'x' } } : { [connective]: nested(depth - 1, connective) };
const several = (count: number) => Array.from({ length: count }, () => ({ name: { eq: 'x' } }));

test('A46: and, or and not nest 5 deep, and no deeper', async () => {
  for (const connective of ['and', 'or', 'not'] as const) {
    expect(await refusal(nested(5, connective))).toBeNull();
    expect(await refusal(nested(6, connective))).toMatch(/^where\..*: and, or and not nest at most 5 deep$/);
  }
});

test('A46: 50 criteria in all, wherever they stand, and no more', async () => {
  const text = 'where: at most 50 criteria';
  expect(await refusal({ or: several(50) })).toBeNull();
  expect(await refusal({ or: several(51) })).toBe(text);
  const both = { contactInfo: 'x', tag: { name: 'x' }, name: { eq: 'x', contains: 'y' } }; // four
  expect(await refusal({ ...both, and: several(23), not: { or: several(23) } })).toBeNull();
  expect(await refusal({ ...both, and: several(23), not: { or: several(24) } })).toBe(text);
});

test('A46: a list has up to 1,000 values', async () => {
  const values = (count: number) => Array.from({ length: count }, (_, i) => `v${i}`);
  expect(await refusal({ name: { in: values(1_000) } })).toBeNull();
  expect(await refusal({ not: { mobile: { in: values(1_001) } } })).toBe(
    '$where.not.mobile.in: items of a list: at most 1,000, found 1,001',
  );
});

test('A46: null is refused with its place, for a forgotten value must not list everybody', async () => {
  const wrong: [unknown, string][] = [
    [{ email: null }, 'where.email'],
    [{ email: { eq: null } }, 'where.email.eq'],
    [{ or: [{}, { name: { isNull: null } }] }, 'where.or.1.name.isNull'],
    [{ not: null }, 'where.not'],
    [{ and: null }, 'where.and'],
    [{ acceptsMarketingSms: null }, 'where.acceptsMarketingSms'],
  ];
  for (const [where, place] of wrong)
    expect(await refusal(where)).toBe(`${place}: null is no criterion: leave it out, or ask isNull`);
});

test('A46: what can be in no text of the hub is refused, wherever a text may stand', async () => {
  const wrong: [object, string][] = [
    [{ name: { contains: 'a\0b' } }, 'where.name.contains'],
    [{ code: { eq: '\0' } }, 'where.code.eq'],
    [{ mobile: { in: ['1', 'half \ud800'] } }, 'where.mobile.in'],
    [{ tag: { name: '\0' } }, 'where.tag'],
    [{ externalReference: { system: '6', identifier: '\udc00' } }, 'where.externalReference'],
    [{ contactInfo: '\0' }, 'where.contactInfo'],
  ];
  for (const [where, place] of wrong) expect(await refusal(where)).toBe(`${place}: this is not a text`);
});

test('A46: what the schema does not know is refused by name', async () => {
  const wrong: [unknown, RegExp][] = [
    [{ nmae: { eq: 'x' } }, /"nmae" is not defined/],
    [{ name: { like: 'x' } }, /"like" is not defined/],
    [{ name: 'x' }, /Expected type "TextFilterInput" to be an object/],
    [{ version: { eq: '1' } }, /Int cannot represent non-integer value/],
    [{ createdAt: { gt: 'yesterday' } }, /at "where.createdAt.gt"/],
    [{ sex: { eq: 1 } }, /Enum "Sex" cannot represent non-string value/],
    [{ sex: { in: ['MALE', null] } }, /Expected non-nullable type "Sex!" not to be null/],
    [{ tag: {} }, /Exactly one key must be specified for OneOf type "TagIdentifierInput"/],
    [{ tag: { id: '1', name: 'x' } }, /Exactly one key must be specified/],
    [{ externalReference: { identifier: 'x' } }, /Field "system" of required type/],
    [{ password: { eq: 'x' } }, /"password" is not defined/],
  ];
  for (const [where, message] of wrong) expect(await refusal(where)).toMatch(message);
});

test('design C: a tree of any depth or breadth is refused before it costs anything, over HTTP and WebSocket', async () => {
  const deep = '{"not":'.repeat(20_000) + '{}' + '}'.repeat(20_000);
  const broad = `{"and":[${'{},'.repeat(80_000)}{}]}`;
  const rule = '$where: at most 500 objects, 20 deep';
  for (const where of [deep, broad]) {
    const response = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.key}` },
      body: `{"query": ${JSON.stringify(searchQuery)}, "variables": {"first": 1, "where": ${where}}}`,
    });
    const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
    expect(errors).toMatchObject([{ message: rule, extensions: { code: 'BAD_USER_INPUT' } }]);
  }
  const list = 'query ($where: [CustomerWhereInput!]!) { customers(first: 1, where: { or: $where }) { totalCount } }';
  const variables = { where: Array.from({ length: 501 }, () => ({})) };
  const byWebSocket = await follow(hub.subscriber(owner.key), list, variables)
    .nextResult()
    .catch((error: unknown) => ({ errors: error as { message: string }[] }));
  expect(byWebSocket.errors).toMatchObject([{ message: rule }]);
  const byHttp = await hub.request(list, variables, { key: owner.key });
  expect(byHttp.errors).toMatchObject([{ message: rule }]);
  expect(hub.logged.filter(({ level }) => level === 'error')).toEqual([]);
});

test('api 1: searching needs customers:read, also where only the count is asked for', async () => {
  const key = await owner.newKey(['customers:write', 'changes:read']);
  const { errors } = await hub.request('{ customers(first: 1, where: {}) { totalCount } }', {}, { key });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
