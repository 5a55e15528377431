import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillSearch } from '../../src/database/migrations/0014/lists.sql.js';
import { refreshSearch } from '../../src/search/search-text.sql.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { importFile, ndjson } from '../import/import-request.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  owner = await hub.owner();
});
afterAll(() => hub.stop());

/** Codes of those who are found. */
const found = async (search: string): Promise<string[]> => {
  const { customers } = await owner.gql<{ customers: { nodes: { code: string }[] } }>(
    'query ($search: String) { customers(first: 9, search: $search) { nodes { code } } }',
    { search },
  );
  return customers.nodes.map(({ code }) => code);
};

/** Does something to customer K; none of it may go wrong. */
async function change(mutation: string, variables: object = {}): Promise<string> {
  const answer = await owner.gql<Record<string, object>>(`mutation ${mutation}`, variables);
  const text = JSON.stringify(answer);
  expect(text).not.toMatch(/"(userErrors|errors)":\[\{/);
  return text;
}

/** Which customers have another search text than their rows say. */
async function stale(): Promise<object[]> {
  const ids = await hub.clone.sql<{ id: string }>('SELECT id FROM customer WHERE owner_id = $1', [owner.id]);
  const refresh = refreshSearch('= ANY ($2::bigint[])');
  return hub.clone.sql(`${refresh} RETURNING customer_id, text`, [owner.id, ids.map(({ id }) => id)]);
}

const k = 'customer: { code: "K" }';
const problems = 'userErrors { message }';

test('T10: after each kind of change a customer is found by what it has, and by nothing that it had', async () => {
  await change(
    `{ createCustomer(input: { code: "K", name: "First Name", type: PERSON, email: "one@x.example" }) { ${problems} } }`,
  );
  expect(await found('one@x.ex')).toEqual(['K']);
  await change(
    `{ updateCustomer(by: { code: "K" }, input: { name: "Second Name", email: null, mobile: "+45 70 27 16 99" }) { ${problems} } }`,
  );
  expect([await found('second'), await found('70271699'), await found('first'), await found('one@x.ex')]).toEqual([
    ['K'],
    ['K'],
    [],
    [],
  ]);

  const info = await change(
    `{ createContactInfo(${k}, input: { kind: EMAIL, value: "info@y.example" }) { contactInfo { id } ${problems} } }`,
  );
  const id = /"id":"(\d+)"/.exec(info)![1];
  expect(await found('info@y')).toEqual(['K']);
  await change(`{ updateContactInfo(id: ${id}, input: { kind: PHONE, value: "+45 33 44 55 66" }) { ${problems} } }`);
  expect([await found('33445566'), await found('info@y')]).toEqual([['K'], []]);
  await change(`{ deleteContactInfo(id: ${id}) { ${problems} } }`);
  expect(await found('33445566')).toEqual([]);

  const link = (identifier: string) =>
    change(`{ linkExternalSystem(${k}, reference: { system: "6", identifier: "${identifier}" }) { ${problems} } }`);
  await link('woo-17');
  await link('woo-28');
  expect([await found('woo-28'), await found('woo-17')]).toEqual([['K'], []]);
  await change(`{ unlinkExternalSystem(${k}, system: "6") { ${problems} } }`);
  expect(await found('woo-28')).toEqual([]);
  expect(await stale()).toEqual([]);
});

test('T10: so after bulk inserts, bulk updates and imports, of new customers and of those they meet', async () => {
  const input = (rows: object) => ({ input: { ownerCode: owner.code, ...rows } });
  const reference = (identifier: string) => [{ system: '6', identifier }];
  await change(
    '($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { errors { errors } userErrors { message } } }',
    input({
      customers: [
        { code: 'B1', name: 'Bulk One', externalReferences: reference('bulk-1') },
        { code: 'B2', name: 'Bulk Two' },
      ],
    }),
  );
  expect([await found('bulk'), await found('bulk-1')]).toEqual([['B1', 'B2'], ['B1']]);
  await change(
    '($input: BulkUpdateCustomersInput!) { bulkUpdateCustomers(input: $input) { errors { errors } userErrors { message } } }',
    input({
      rows: [
        { by: { code: 'B1' }, fields: { externalReferences: reference('moved-1') } },
        { by: { code: 'B2' }, fields: { name: 'Renamed' } },
      ],
    }),
  );
  expect([await found('moved-1'), await found('bulk-1'), await found('renamed'), await found('two')]).toEqual([
    ['B1'],
    [],
    ['B2'],
    [],
  ]);
  const rows = [
    { code: 'B1', email: 'imported@x.example' },
    { code: 'B2', externalReferences: reference('imported-2') },
    { code: 'B3', name: 'Imported Three' },
  ];
  const { problems } = await importFile(hub, owner, ndjson(rows), { query: { onExisting: 'update' } });
  expect(problems).toEqual([]);
  expect(await found('imported')).toEqual(['B2', 'B1', 'B3'].sort());
  expect(await stale()).toEqual([]);
});

test('T10: an order or a booking leaves the text as it is, down to its place in the table', async () => {
  const place = () =>
    hub.clone.sql(
      `SELECT s.ctid FROM customer_search s JOIN customer c ON c.owner_id = s.owner_id AND c.id = s.customer_id WHERE c.owner_id = $1 AND c.code = 'K'`,
      [owner.id],
    );
  const before = await place();
  const booking = {
    customer: { code: 'K' },
    number: '1',
    service: 'Stay',
    startsAt: '2030-01-01T12:00:00Z',
    endsAt: '2030-01-02T12:00:00Z',
  };
  await change(
    '($input: RecordBookingsInput!) { recordBookings(input: $input) { errors { errors } userErrors { message } } }',
    {
      input: { ownerCode: owner.code, bookings: [booking] },
    },
  );
  await change(`{ updateCustomer(by: { code: "K" }, input: { sex: UNKNOWN, prepaymentDays: null }) { ${problems} } }`);
  await change(`{ setMarketingConsent(${k}, input: { channel: EMAIL, accepted: true }) { ${problems} } }`);
  expect(await place()).toEqual(before);
  expect(before).toHaveLength(1);
});

test('architecture 2: customers of an older database are found as if they had been written since', async () => {
  const [{ n }] = (await hub.clone.sql<{ n: number }>('SELECT count(*)::int AS n FROM customer')) as [{ n: number }];
  await hub.clone.sql('DELETE FROM customer_search');
  await hub.clone.sql(fillSearch);
  expect(await hub.clone.sql('SELECT FROM customer_search')).toHaveLength(n);
  expect(await stale()).toEqual([]);
});
