import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { customerDesk } from './customer-desk.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

interface Page {
  nodes: { code: string }[];
  edges: { cursor: string; node: { code: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount: number;
}

const pageQuery = `query ($first: Int, $after: String, $last: Int, $before: String) {
  customers(first: $first, after: $after, last: $last, before: $before) {
    nodes { code } edges { cursor node { code } } totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

const pageOf = async (owner: TestOwner, args: object): Promise<Page> =>
  (await owner.gql<{ customers: Page }>(pageQuery, args)).customers;
const codesOf = (page: Page): string[] => page.nodes.map(({ code }) => code);

async function ownerWith(count: number) {
  const desk = await customerDesk(hub);
  const codes = Array.from({ length: count }, (_, i) => `C${i}`);
  for (const code of codes) await desk.create({ code, name: code });
  return { ...desk, codes };
}

describe('one customer', () => {
  test('T9, T10, A41: by id, by number in any case, by pair with code or number of the system', async () => {
    const { create, find } = await customerDesk(hub);
    const { customer } = await create({
      code: 'Inv-7',
      name: 'A',
      externalReferences: [{ system: '6', identifier: 'w-1' }],
    });
    const ways = [
      { id: customer!.id },
      { code: 'INV-7' },
      { code: ' inv-7 ' },
      { external: { system: 'WOOCOMMERCE', identifier: 'w-1' } },
      { external: { system: 'wooCommerce', identifier: 'w-1' } },
      { external: { system: '6', identifier: 'w-1' } },
    ];
    for (const by of ways) expect(await find(by)).toMatchObject({ id: customer!.id, code: 'Inv-7' });
  });

  test('T9, A43: nobody is null, whatever is asked for', async () => {
    const { create, find } = await customerDesk(hub);
    const { customer } = await create({
      code: 'A',
      name: 'A',
      externalReferences: [{ system: '6', identifier: 'w-1' }],
    });
    const nobody = [
      ...['0', '-1', '999999', '1e3', `0${customer!.id}`, '9'.repeat(30), '', '1; DROP TABLE customer'].map((id) => ({
        id,
      })),
      ...['', 'B', 'A\0', '\ud800', '%', '_', '*'].map((code) => ({ code })),
      { external: { system: '6', identifier: 'W-1' } },
      { external: { system: '5', identifier: 'w-1' } },
      { external: { system: 'NOPE', identifier: 'w-1' } },
      { external: { system: '', identifier: 'w-1' } },
      { external: { system: '\0', identifier: '\0' } },
    ];
    for (const by of nobody) expect(await find(by)).toBeNull();
    const other = await customerDesk(hub);
    expect(await other.find({ id: customer!.id })).toBeNull();
    expect(await other.find({ code: 'A' })).toBeNull();
  });

  test('exactly one way must be named: none, two, null and half a pair are told clearly', async () => {
    const { owner } = await customerDesk(hub);
    const query = 'query ($by: CustomerIdentifierInput!) { customer(by: $by) { id } }';
    const wrong: [unknown, RegExp][] = [
      [{}, /Exactly one key/],
      [{ id: '1', code: 'A' }, /Exactly one key/],
      [{ code: null }, /"code" must be non-null/],
      [{ external: { system: '6' } }, /"identifier" of required type/],
      [null, /must not be null/],
      [{ name: 'A' }, /"name" is not defined/],
    ];
    for (const [by, message] of wrong) {
      const answer = await hub.request(query, { by }, { key: owner.key });
      expect(answer.errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
      expect(answer.errors![0]!.message).toMatch(message);
    }
  });
});

describe('the list', () => {
  test('A46: pages forward and backward give every customer once, in the order they came in', async () => {
    const { owner, codes } = await ownerWith(7);
    const forward: string[] = [];
    let after: string | null = null;
    for (;;) {
      const page: Page = await pageOf(owner, { first: 3, after });
      forward.push(...codesOf(page));
      expect(page.totalCount).toBe(7);
      expect(page.edges.map(({ node }) => node)).toEqual(page.nodes);
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      after = page.pageInfo.endCursor;
      if (!page.pageInfo.hasNextPage) break;
    }
    expect(forward).toEqual(codes);

    const backward: string[] = [];
    let before: string | null = null;
    for (;;) {
      const page: Page = await pageOf(owner, { last: 3, before });
      backward.unshift(...codesOf(page));
      expect(page.pageInfo.hasNextPage).toBe(before !== null);
      before = page.pageInfo.startCursor;
      if (!page.pageInfo.hasPreviousPage) break;
    }
    expect(backward).toEqual(codes);
  });

  test('A46: customers that come in between shift no page and are found at the end', async () => {
    const { owner, create, codes } = await ownerWith(5);
    const first = await pageOf(owner, { first: 2 });
    await create({ code: 'A-new', name: 'New' });
    const second = await pageOf(owner, { first: 3, after: first.pageInfo.endCursor });
    expect([...codesOf(first), ...codesOf(second)]).toEqual(codes);
    const third = await pageOf(owner, { first: 3, after: second.pageInfo.endCursor });
    expect(codesOf(third)).toEqual(['A-new']);
    expect(third.pageInfo.hasNextPage).toBe(false);
    const back = await pageOf(owner, { last: 2, before: second.pageInfo.startCursor });
    expect(codesOf(back)).toEqual(codes.slice(0, 2));
  });

  test('a page that ends exactly at the end has no next one; a page between two cursors stays between', async () => {
    const { owner, codes } = await ownerWith(4);
    const all = await pageOf(owner, { first: 4 });
    expect(all.pageInfo.hasNextPage).toBe(false);
    const [a, , , d] = all.edges;
    const between = await pageOf(owner, { first: 100, after: a!.cursor, before: d!.cursor });
    expect(codesOf(between)).toEqual(codes.slice(1, 3));
    const beyond = await pageOf(owner, { first: 1, after: d!.cursor });
    expect(beyond).toMatchObject({ nodes: [], totalCount: 4, pageInfo: { endCursor: null, hasNextPage: false } });
  });

  test('an owner without customers has an empty page, and sees none of another', async () => {
    const { owner } = await customerDesk(hub);
    expect(await pageOf(owner, { first: 100 })).toEqual({
      nodes: [],
      edges: [],
      totalCount: 0,
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  test('A46: no size, a size of nothing, too much, or two sizes is BAD_USER_INPUT, and so is what is no cursor', async () => {
    const { owner } = await ownerWith(1);
    const wrong: [object, RegExp][] = [
      [{}, /say how many/],
      [{ first: null }, /say how many/],
      [{ first: 0 }, /first must be 1 to 100, not 0/],
      [{ first: -1 }, /first must be/],
      [{ first: 101 }, /not 101/],
      [{ last: 0 }, /last must be/],
      [{ last: 101 }, /last must be/],
      [{ first: 1, last: 1 }, /say how many/],
      [{ first: 1, after: 'x' }, /after: this is not a cursor/],
      [{ first: 1, after: '' }, /after: this is not a cursor/],
      [{ first: 1, after: Buffer.from('id:1 OR true').toString('base64url') }, /not a cursor/],
      [{ last: 1, before: Buffer.from('id:-1').toString('base64url') }, /before: this is not a cursor/],
      [{ first: 1, after: Buffer.from(`id:${'9'.repeat(40)}`).toString('base64url') }, /not a cursor/],
    ];
    for (const [args, message] of wrong) {
      const { errors } = await hub.request(pageQuery, args, { key: owner.key });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(errors![0]!.message).toMatch(message);
    }
    const feedCursor = await owner.gql<{ customerEvents: { pageInfo: { endCursor: string } } }>(
      '{ customerEvents { pageInfo { endCursor } } }',
    );
    const { errors } = await hub.request(
      pageQuery,
      { first: 1, after: feedCursor.customerEvents.pageInfo.endCursor },
      { key: owner.key },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('a key without customers:read is FORBIDDEN', async () => {
    const { owner } = await customerDesk(hub);
    const key = await owner.newKey(['customers:write']);
    for (const query of ['{ customers(first: 1) { totalCount } }', '{ customer(by: { code: "A" }) { id } }']) {
      const { errors } = await hub.request(query, {}, { key });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });
});
