import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { customers, trees } from './where-arbitraries.js';
import { codesOf, furnish, rowsOf, search, searchSchema, type Page } from './where-desk.js';
import { holds, type Row, type Where } from './where-model.js';

let hub: TestHub;
let schema: Awaited<ReturnType<typeof searchSchema>>;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  schema = await searchSchema();
});
afterAll(() => hub.stop());

const seed = Math.floor(Math.random() * 2 ** 31);

test.each(fc.sample(customers, { numRuns: 3, seed }).map((rows, i) => [i, rows] as const))(
  `A46: random criteria over random customers find what a filter in plain TypeScript finds (seed ${seed}, data %i)`,
  async (_, input) => {
    const { owner, rows } = await ownerWith(input);
    await fc.assert(
      fc.asyncProperty(trees(rows, schema.operators), async (where) => {
        const expected = expectedOf(rows, where);
        const page = await search(owner, { first: 100, where });
        expect(codesOf(page)).toEqual(expected);
        expect(page.totalCount).toBe(expected.length);
      }),
      { seed, numRuns: 60 },
    );
  },
  60_000,
);

test(`A46: the pages of a search, forward and backward, are the whole without a double (seed ${seed})`, async () => {
  const { owner, rows } = await ownerWith(
    fc.sample(customers, { numRuns: 50, seed }).find(({ length }) => length > 6)!,
  );
  await fc.assert(
    fc.asyncProperty(trees(rows, schema.operators), fc.integer({ min: 1, max: 4 }), async (where, size) => {
      const expected = expectedOf(rows, where);
      expect(await everyPage(owner, where, { first: size })).toEqual(expected);
      expect(await everyPage(owner, where, { last: size })).toEqual(expected);
    }),
    { seed, numRuns: 15 },
  );
}, 60_000);

const expectedOf = (rows: Row[], where: Where): string[] =>
  rows.filter((row) => holds(where, row, schema.types)).map(({ code }) => code);

/** All pages in their direction, put together in the order of the list. */
async function everyPage(
  owner: TestOwner,
  where: Where,
  size: { first: number } | { last: number },
): Promise<string[]> {
  const forward = 'first' in size;
  let codes: string[] = [];
  for (let cursor: string | null = null; ;) {
    const page: Page = await search(owner, { ...size, where, [forward ? 'after' : 'before']: cursor });
    codes = forward ? [...codes, ...codesOf(page)] : [...codesOf(page), ...codes];
    cursor = forward ? page.pageInfo.endCursor : page.pageInfo.startCursor;
    if (!(forward ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage)) return codes;
  }
}

const infos = [
  { kind: 'EMAIL', value: 'Info@x.example' },
  { kind: 'PHONE', value: '+45 70 27 16 99' },
  { kind: 'POSTAL_ADDRESS', address: { city: 'Oslo' } },
];

/** An owner with these customers, every third with a contact info, the first with orders and bookings, and the customers as the API shows them. */
async function ownerWith(input: { code: string }[]): Promise<{ owner: TestOwner; rows: Row[] }> {
  const owner = await hub.owner();
  const { bulkInsertCustomers } = await owner.gql<{ bulkInsertCustomers: { errors: object[] } }>(
    'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { errors { index errors } } }',
    { input: { ownerCode: owner.code, customers: input } },
  );
  expect(bulkInsertCustomers.errors).toEqual([]);
  for (const [i, { code }] of input.entries())
    if (i % 3 === 0)
      await owner.gql(
        `mutation ($by: CustomerIdentifierInput!, $info: ContactInfoInput!) {
          createContactInfo(customer: $by, input: $info) { userErrors { message } } }`,
        { by: { code }, info: infos[(i / 3) % 3] },
      );
  await furnish(
    owner,
    input.map(({ code }) => code),
  );
  return { owner, rows: await rowsOf(owner, schema.shown) };
}
