import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { bulkInsert, contentsOf, faultsOf } from './partner-rows.js';
import type { Row } from './rows.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const count = 4_100; // three parts
const login = (name: string) => ({ name: 'N', email: 'n@x.example', login: name, password: 'secret12' });
const many = (changes: Record<number, Row> = {}): Row[] =>
  Array.from({ length: count }, (_, i) => ({ code: `C${i}`, name: `Customer ${i}`, ...changes[i] }));
const woo = (identifier: string) => [{ system: 'WOOCOMMERCE', identifier }];

test('A17: what an earlier row of the call has taken is sent twice, however far apart the rows are', async () => {
  const owner = await hub.owner();
  await bulkInsert(owner, [{ code: 'OLD', name: 'Old', externalReferences: woo('old'), adminUser: login('old') }]);
  const rows = many({
    0: { externalReferences: woo('w'), adminUser: login('first') },
    3_000: { code: 'c0' },
    3_001: { externalReferences: woo('w') },
    3_002: { adminUser: login('FIRST') },
    4_000: { code: 'old' },
    4_001: { externalReferences: woo('old') },
    4_002: { adminUser: login('OLD') },
  });
  const dry = await bulkInsert(owner, rows, { dryRun: true });
  const real = await bulkInsert(owner, rows);
  expect(dry.errors).toEqual(real.errors);
  expect(real.errors.map(({ index }) => index)).toEqual([3_001, 3_002, 3_003, 4_001, 4_002, 4_003]);
  expect([3_001, 3_002, 3_003].flatMap((index) => faultsOf(real, index))).toEqual([
    'DUPLICATE_IN_INPUT code',
    'DUPLICATE_IN_INPUT externalReferences.0',
    'DUPLICATE_IN_INPUT adminUser.login',
  ]);
  expect([4_001, 4_002, 4_003].flatMap((index) => faultsOf(real, index))).toEqual([
    'TAKEN code',
    'TAKEN externalReferences.0',
    'TAKEN adminUser.login',
  ]);
  expect(real.errors.slice(0, 2).flatMap(({ details }) => details.map(({ existingId }) => existingId))).toEqual([
    null,
    null,
  ]);
  expect(real.counts).toMatchObject({ rows: count, customers: count - 4, users: 1, rejected: 4 });
  expect(real.results.map(({ index }) => index)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
});

test('B.3: each customer has version 1, one snapshot and one event, in the order of the rows', async () => {
  const owner = await hub.owner();
  const { results } = await bulkInsert(owner, many({ 7: { tags: ['VIP'], acceptsMarketingEmail: true } }));
  const ids = results.map(({ customerId }) => customerId);
  // one table at a time: what PostgreSQL has noted of tables that another owner's rows are in makes it join them row by row
  const ofOwner = <Row extends object>(select: string) => hub.clone.sql<Row>(select, [owner.id]);
  const written = await ofOwner<{ id: string; reasons: string[] }>(
    'SELECT customer_id AS id, reasons FROM outbox WHERE owner_id = $1 ORDER BY id',
  );
  expect(written.map(({ id }) => id)).toEqual(ids);
  const [customers, snapshots] = await Promise.all([
    ofOwner('SELECT id, version FROM customer WHERE owner_id = $1 ORDER BY id'),
    ofOwner('SELECT customer_id AS id, version FROM customer_snapshot WHERE owner_id = $1 ORDER BY customer_id'),
  ]);
  expect(customers).toEqual(ids.map((id) => ({ id, version: 1 })));
  expect(snapshots).toEqual(customers);
  expect(written[7]!.reasons).toEqual(['CREATED', 'CONSENT']);
});

test('A15: REJECT_EVERYTHING looks at every row before it writes one, and an error of the database leaves nothing', async () => {
  const owner = await hub.owner();
  const before = await contentsOf(hub);
  const refused = await bulkInsert(owner, many({ 4_050: { email: 'no' } }), { errorPolicy: 'REJECT_EVERYTHING' });
  expect(refused.counts).toMatchObject({ customers: 0, rejected: count });
  await hub.clone.sql(`ALTER TABLE customer ADD CONSTRAINT unlucky CHECK (code <> 'C4050') NOT VALID`);
  try {
    await expect(bulkInsert(owner, many())).rejects.toThrow();
  } finally {
    await hub.clone.sql('ALTER TABLE customer DROP CONSTRAINT unlucky');
  }
  expect(await contentsOf(hub)).toEqual(before);
  expect((await bulkInsert(owner, many())).counts.customers).toBe(count);
});
