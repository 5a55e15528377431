import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { codesOf, type Page } from './where-desk.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const query = `query ($search: String, $first: Int, $after: String, $last: Int, $before: String, $where: CustomerWhereInput, $orderBy: CustomerOrderInput) {
  customers(search: $search, first: $first, after: $after, last: $last, before: $before, where: $where, orderBy: $orderBy) {
    totalCount totalCountIsEstimate nodes { code } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

type Searched = Page & { totalCountIsEstimate: boolean };
const ask = async (owner: TestOwner, variables: object): Promise<Searched> =>
  (await owner.gql<{ customers: Searched }>(query, { ...('last' in variables ? {} : { first: 100 }), ...variables }))
    .customers;

async function desk(customers: object[]) {
  const owner = await hub.owner();
  for (let from = 0; from < customers.length; from += 5_000)
    await owner.gql(
      'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { counts { customers } } }',
      { input: { ownerCode: owner.code, customers: customers.slice(from, from + 5_000) } },
    );
  const found = async (search: string, more: object = {}) => codesOf(await ask(owner, { search, ...more }));
  return { owner, found };
}

const guests = [
  { code: 'G1', name: 'Søren Kjærgaard', email: 'soren@fjord.example', mobile: '+45 70 27 16 99', country: 'DK' },
  { code: 'G2', name: 'Émilie Dupont', firstName: 'Émilie', lastName: 'Dupont', email: 'emilie.d@x.example' },
  {
    code: 'AB-77',
    name: 'Anders And',
    telephone: '(070) 2716-98',
    externalReferences: [{ system: '6', identifier: 'woo/4711' }],
  },
  { code: 'G4', name: 'Kjærgaard & Søn', type: 'COMPANY', vatNumber: '13585628', address: 'Andersvej 1' },
  { code: 'G5', name: 'Maria 100%', email: 'x_y@x.example' },
];

test('T10: a piece of a name, e-mail, phone, code or external identifier, accents and case ignored', async () => {
  const { found } = await desk(guests);
  for (const search of [
    'Søren',
    'soren',
    'SOREN kjaer',
    'gaard sør',
    'fjord.ex',
    '70271699',
    '+45 70 27 16 99',
    '0045 7027 1699',
  ])
    expect(await found(search), search).toContain('G1');
  expect(await found('7027 16')).toEqual(['G1', 'AB-77']);
  for (const search of ['emilie', 'ÉMILIE', 'Emilie dup', 'dupont émi', 'E\u0301milie', 'lie.d@'])
    expect(await found(search), search).toEqual(['G2']);
  for (const search of ['ab-77', 'b-7', 'WOO/4711', '4711', '2716-98', '(070) 27'])
    expect(await found(search), search).toEqual(['AB-77']);
  expect(await found('1358')).toEqual(['G4']);
  expect(await found('100%')).toEqual(['G5']);
  expect(await found('x_y')).toEqual(['G5']);
  expect(await found('anders dupont')).toEqual([]);
  expect(await found('Andersvej'), 'an address is no name').toEqual([]);
});

test('T10: one or two letters begin a word; without any there is no search', async () => {
  const { found } = await desk(guests);
  expect(await found('an')).toEqual(['AB-77']);
  expect(await found('sø')).toEqual(['G1', 'G4']);
  for (const search of ['', '   ']) expect(await found(search)).toHaveLength(5);
});

test('T10: best first: a whole line, the beginning of one, of words, anywhere; then as they came', async () => {
  const { found } = await desk(
    ['Johanna', 'Eva Anna', 'Annabel', 'Bo Annabel', 'Anna', 'Hanna'].map((name, i) => ({ code: `C${i}`, name })),
  );
  expect(await found('anna')).toEqual(['C4', 'C2', 'C1', 'C3', 'C0', 'C5']);
  expect(await found('anna eva')).toEqual(['C1']);
});

test('T10: typing errors are tolerated where nobody has it right, the fewest first', async () => {
  const { found } = await desk([
    ...guests,
    { code: 'S1', name: 'John Smith' },
    { code: 'S2', name: 'Johan Smyth' },
    { code: 'S3', name: 'Jon Schmitt' },
  ]);
  for (const search of ['Kjargaard', 'kjærgard', 'kærgaard', 'kjærgaadr', 'kjaergaardd'])
    expect((await found(search)).sort(), search).toEqual(['G1', 'G4']);
  expect(await found('smiht')).toEqual(['S1']);
  expect(await found('Jhon Smith')).toEqual(['S1']);
  expect(await found('smith')).toEqual(['S1']);
  expect(await found('smeth'), 'one error each').toEqual(['S1', 'S2']);
  expect(await found('jhon smiht'), 'each word may have one').toEqual(['S1']);
  expect(await found('bnd'), 'short words must be right').toEqual([]);
  expect(await found('xylophone')).toEqual([]);
});

test('T10, A46: a search goes with criteria and orders, and is counted', async () => {
  const { owner, found } = await desk(guests);
  expect(await found('kjærgaard', { where: { type: { eq: 'COMPANY' } } })).toEqual(['G4']);
  expect(await found('kjærgaard', { where: { type: { eq: 'COMPANY' }, code: { eq: 'G1' } } })).toEqual([]);
  expect(await found('kjærgaard', { orderBy: { field: 'CODE', direction: 'DESC' } })).toEqual(['G4', 'G1']);
  expect(await found('kjergaard', { orderBy: { field: 'NAME' } }), 'with an error').toEqual(['G4', 'G1']);
  expect(await ask(owner, { search: 'kjærgaard', first: 1 })).toMatchObject({
    totalCount: 2,
    totalCountIsEstimate: false,
  });
  expect(await ask(owner, { search: 'kjergaard', first: 1 })).toMatchObject({ totalCount: 2 });
});

test('T10, A46: few or many that are found, the pages are the whole without a double, from either end', async () => {
  const names = ['Anna', 'Johanna', 'Annika Berg', 'Bo Anna', 'Hanna'];
  const rows = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ code: `C${i}`, name: `${names[i % 5]}${i % 7 ? '' : ` ${i}`}` }));
  for (const [count, first] of [
    [30, 'C0'],
    [400, 'C5'],
  ] as const) {
    const { owner } = await desk(rows(count));
    const all: string[] = [];
    for (let after: string | null = null; ;) {
      const page: Searched = await ask(owner, { search: 'ann', first: 37, after });
      all.push(...codesOf(page));
      after = page.pageInfo.endCursor;
      expect(page.totalCount).toBe(count);
      if (!page.pageInfo.hasNextPage) break;
    }
    expect(new Set(all).size).toBe(count);
    expect(all).toHaveLength(count);
    expect(all[0]).toBe(first);
    const beginning = all.map((code) => Number(code.slice(1)) % 5 === 0 || Number(code.slice(1)) % 5 === 2);
    expect(beginning.lastIndexOf(true), 'names that begin so come first').toBeLessThan(beginning.indexOf(false));
    const back: string[] = [];
    for (let before: string | null = null; ;) {
      const page: Searched = await ask(owner, { search: 'ann', last: 41, before });
      back.unshift(...codesOf(page));
      before = page.pageInfo.startCursor;
      if (!page.pageInfo.hasPreviousPage) break;
    }
    expect(back).toEqual(all);
  }
});

test('A46: a search beyond the limits, and the cursor of another one, are refused with their place', async () => {
  const { owner } = await desk(guests);
  const refused = async (variables: object) =>
    (await hub.request(query, { first: 1, ...variables }, { key: owner.key })).errors?.[0];
  const { endCursor } = (await ask(owner, { search: 'kjær', first: 1 })).pageInfo;
  const plain = (await ask(owner, { first: 1 })).pageInfo.endCursor;
  const wrong: [object, string][] = [
    [{ search: 'a'.repeat(201) }, 'search: at most 200 characters'],
    [{ search: 'a b c d e f g h i j k' }, 'search: at most 10 words'],
    [{ search: 'a\0' }, 'search: this is not a text'],
    [{ search: 'søn', after: endCursor }, 'after: this cursor is of another search'],
    [{ search: 'kjær', after: plain }, 'after: this is not a cursor of this list'],
    [{ after: endCursor }, 'after: this is not a cursor of this list'],
  ];
  for (const [variables, message] of wrong)
    expect(await refused(variables)).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } });
});

test('A44, design C: a search finds no excluded customer, and none of another owner', async () => {
  const { owner, found } = await desk(guests);
  const other = await desk([{ code: 'X', name: 'Søren Kjærgaard' }]);
  await owner.gql('mutation { setCustomerExcluded(customer: { code: "G1" }, excluded: true) { userErrors { code } } }');
  expect(await found('kjærgaard')).toEqual(['G4']);
  expect(await found('kjargaard')).toEqual(['G4']);
  expect(await other.found('kjærgaard')).toEqual(['X']);
});
