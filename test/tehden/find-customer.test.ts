import { afterAll, beforeAll, expect, test } from 'vitest';
import { codesOf, search } from '../customer/where-desk.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

let hub: TestHub;
let owner: TestOwner;
const count = 230;
const codes = Array.from({ length: count }, (_, i) => `C${String(i).padStart(3, '0')}`);
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  owner = await hub.owner();
  const customers = codes.map((code, i) => ({
    ...{ code, name: i % 2 ? `Åse Jensen ${i}` : `Bo Virtanen ${i}`, type: i % 3 ? 'PERSON' : 'COMPANY' },
    ...{ country: i % 5 ? 'FI' : 'DK', tags: i % 7 ? [] : ['VIP'], acceptsMarketingEmail: i % 4 === 0 },
  }));
  const { bulkInsertCustomers } = await owner.gql<{ bulkInsertCustomers: { errors: object[] } }>(
    'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { errors { errors } } }',
    { input: { ownerCode: owner.code, customers } },
  );
  expect(bulkInsertCustomers.errors).toEqual([]);
});
afterAll(() => hub.stop());

/** As a partner does it: page after page until there is no next one. */
async function findAll(where: object | null, first: number): Promise<{ found: string[]; totals: Set<number> }> {
  const [found, totals] = [[] as string[], new Set<number>()];
  for (let after: string | null = null; ;) {
    const page = await search(owner, { first, after, where });
    found.push(...codesOf(page));
    totals.add(page.totalCount);
    if (!page.pageInfo.hasNextPage) return { found, totals };
    after = page.pageInfo.endCursor;
  }
}

const those = (holds: (i: number) => boolean) => codes.filter((_, i) => holds(i));

test('T11: all customers that match the criteria are returned, however many, and no others', async () => {
  const searches: [object, (i: number) => boolean][] = [
    [{ name: { contains: 'jensen' } }, (i) => i % 2 === 1],
    [{ name: { startsWith: 'ÅSE' }, type: { eq: 'COMPANY' } }, (i) => i % 2 === 1 && i % 3 === 0],
    [{ country: { in: ['dk', 'SE'] }, acceptsMarketingEmail: true }, (i) => i % 20 === 0],
    [{ or: [{ tag: { name: 'vip' } }, { country: { ne: 'FI' } }] }, (i) => i % 7 === 0 || i % 5 === 0],
    [{ not: { tag: { name: 'VIP' } }, code: { gte: 'c100', lt: 'C110' } }, (i) => i >= 100 && i < 110 && i % 7 !== 0],
    [{ name: { eq: 'nobody' } }, () => false],
  ];
  for (const [where, holds] of searches) {
    const expected = those(holds);
    expect(await findAll(where, 17)).toEqual({ found: expected, totals: new Set([expected.length]) });
  }
});

test('A46: no criterion lists everything; a page is never the whole in silence: it says how many there are and that more follow', async () => {
  expect(await findAll(null, 100)).toEqual({ found: codes, totals: new Set([count]) });
  expect(await findAll({}, 99)).toEqual({ found: codes, totals: new Set([count]) });
  const page = await search(owner, { first: 100, where: {} });
  expect([page.nodes.length, page.totalCount, page.pageInfo.hasNextPage]).toEqual([100, count, true]);
  const { errors } = await hub.request('{ customers(first: 101) { totalCount } }', {}, { key: owner.key });
  expect(errors?.[0]?.message).toBe('first must be 1 to 100, not 101');
});

test('A46: criteria are AND-ed: each one more finds no one who was not found before', async () => {
  let where = {};
  let before = codes;
  for (const criterion of [
    { type: { eq: 'PERSON' } },
    { country: { eq: 'FI' } },
    { name: { contains: 'Bo' } },
    { acceptsMarketingEmail: true },
    { tag: { name: 'VIP' } },
  ]) {
    where = { ...where, ...criterion };
    const { found } = await findAll(where, 100);
    expect(before).toEqual(expect.arrayContaining(found));
    expect(found.length).toBeLessThan(before.length);
    before = found;
  }
  expect(before).toEqual(those((i) => i % 3 !== 0 && i % 5 !== 0 && i % 4 === 0 && i % 7 === 0));
  expect(before.length).toBeGreaterThan(0);
});
