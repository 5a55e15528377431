import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { codesOf, furnish, type Page } from './where-desk.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const query = `query ($first: Int, $after: String, $last: Int, $before: String, $where: CustomerWhereInput, $orderBy: CustomerOrderInput, $search: String) {
  customers(first: $first, after: $after, last: $last, before: $before, where: $where, orderBy: $orderBy, search: $search) {
    totalCount nodes { code } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

const list = async (owner: TestOwner, variables: object): Promise<Page> =>
  (await owner.gql<{ customers: Page }>(query, variables)).customers;

/** Four customers: a and b have orders, a, b and c bookings, only b and d a last name and an e-mail address. */
async function desk(): Promise<TestOwner> {
  const owner = await hub.owner();
  const customers = [
    { code: 'b', name: 'zeta', lastName: 'Yes', email: 'B@x.example' },
    { code: 'a', name: 'Alpha' },
    { code: 'd', name: 'ålpha', lastName: 'No', email: 'a@x.example' },
    { code: 'C', name: 'ALPHA' },
  ];
  await owner.gql(
    'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { counts { customers } } }',
    { input: { ownerCode: owner.code, customers } },
  );
  await furnish(owner, ['a', 'b', 'c']);
  return owner;
}

const expected: Record<string, [ascending: string, descending: string]> = {
  ID: ['badC', 'Cdab'],
  CODE: ['abCd', 'dCba'],
  NAME: ['aCbd', 'dbCa'],
  LAST_NAME: ['dbaC', 'bdCa'],
  EMAIL: ['dbaC', 'bdCa'],
  CREATED_AT: ['badC', 'Cdab'],
  ORDERS_TOTAL_COUNT: ['dCba', 'abCd'],
  ORDERS_TOTAL_VALUE: ['dCba', 'abCd'],
  ORDERS_LAST_DATE: ['abdC', 'baCd'],
  LAST_BOOKING: ['abdC', 'baCd'],
  NEXT_BOOKING: ['Cbad', 'bCda'],
};

test('A46: each order, in both directions: no value comes last, equal ones in the direction of the ids', async () => {
  const owner = await desk();
  for (const [field, orders] of Object.entries(expected))
    for (const [i, direction] of ['ASC', 'DESC'].entries()) {
      const orderBy = { field, direction };
      expect(codesOf(await list(owner, { first: 9, orderBy })).join(''), `${field} ${direction}`).toBe(orders[i]);
      expect(codesOf(await list(owner, { last: 9, orderBy })).join(''), `${field} ${direction}`).toBe(orders[i]);
    }
});

test('A46: pages of every order, of every size, from either end, are the whole without a double', async () => {
  const owner = await desk();
  for (const [field, orders] of Object.entries(expected))
    for (const [i, direction] of ['ASC', 'DESC'].entries())
      for (const size of [1, 2, 3])
        for (const forward of [true, false]) {
          let codes = '';
          let cursor: string | null = null;
          for (let more = true; more;) {
            const page: Page = await list(owner, {
              orderBy: { field, direction },
              ...(forward ? { first: size, after: cursor } : { last: size, before: cursor }),
            });
            codes = forward ? codes + codesOf(page).join('') : codesOf(page).join('') + codes;
            cursor = forward ? page.pageInfo.endCursor : page.pageInfo.startCursor;
            more = forward ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage;
          }
          expect(codes, `${field} ${direction} ${size} ${forward}`).toBe(orders[i]);
        }
});

test('A46: between two cursors, across those without a value; where nothing can lie there is nothing', async () => {
  const owner = await desk();
  const orderBy = { field: 'LAST_NAME' };
  const cursors: Record<string, string> = {};
  for (let after: string | null = null, i = 0; i < 4; i++) {
    const page = await list(owner, { first: 1, after, orderBy });
    after = cursors[codesOf(page)[0]!] = page.pageInfo.endCursor!;
  }
  const between = async (after: string, before: string) =>
    codesOf(await list(owner, { first: 9, after: cursors[after], before: cursors[before], orderBy })).join('');
  expect(await between('d', 'C')).toBe('ba');
  expect(await between('d', 'b')).toBe('');
  expect(await between('b', 'C')).toBe('a');
  expect(await between('C', 'd')).toBe('');
  expect(await between('a', 'b')).toBe('');
});

test('A46: who comes in or moves between two pages shifts no page', async () => {
  const owner = await desk();
  const orderBy = { field: 'NAME' };
  const first = await list(owner, { first: 2, orderBy });
  expect(codesOf(first)).toEqual(['a', 'C']);
  await owner.gql('mutation { createCustomer(input: { code: "e", name: "aaa", type: PERSON }) { customer { id } } }');
  await owner.gql('mutation { updateCustomer(by: { code: "c" }, input: { name: "Middle" }) { customer { id } } }');
  const second = await list(owner, { first: 9, after: first.pageInfo.endCursor, orderBy });
  expect(codesOf(second)).toEqual(['C', 'b', 'd']);
  expect(codesOf(await list(owner, { last: 9, before: second.pageInfo.startCursor, orderBy }))).toEqual(['e', 'a']);
});

test('A46: a cursor is of one order; used with another, or altered, it is refused with its place', async () => {
  const owner = await desk();
  const orderBy = { field: 'NAME' };
  const { endCursor } = (await list(owner, { first: 1, orderBy })).pageInfo;
  const refused = async (variables: object) =>
    (await hub.request(query, { first: 1, ...variables }, { key: owner.key })).errors?.[0];
  const bad = { extensions: { code: 'BAD_USER_INPUT' } };
  for (const other of [{ field: 'EMAIL' }, { field: 'NAME', direction: 'DESC' }, null])
    expect(await refused({ after: endCursor, orderBy: other })).toMatchObject({
      ...bad,
      message: expect.stringMatching(/^after: this cursor is of the order NAME ASC, not of/) as string,
    });
  const forged = (...list: unknown[]) => Buffer.from(JSON.stringify(list)).toString('base64url');
  for (const [field, key] of [
    ['NAME', null],
    ['NAME', 'a\0'],
    ['NAME', 7],
    ['CREATED_AT', 'yesterday'],
    ['ORDERS_TOTAL_VALUE', '1e5'],
    ['ORDERS_LAST_DATE', "2026-01-01'"],
    ['ID', 'x'],
  ] as const) {
    const cursor = forged(field, 'ASC', key, '1');
    expect(await refused({ after: cursor, orderBy: { field } }), `${field} ${key}`).toMatchObject({
      ...bad,
      message: 'after: this is not a cursor of this list',
    });
  }
  for (const cursor of [forged('NAME', 'ASC', 'a', 'x'), 'x', forged()])
    expect(await refused({ last: 1, first: null, before: cursor, orderBy })).toMatchObject({
      ...bad,
      message: 'before: this is not a cursor of this list',
    });
});
