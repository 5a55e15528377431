import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { actionsOf, bulkUpdate, customersOf, upsert, type ChangeAnswer } from './changed-rows.js';
import { loginOf, outboxOf } from './partner-rows.js';
import type { Row } from './rows.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const row = (code: string, changes: Row = {}): Row => ({ code, name: `Customer ${code}`, ...changes });
const link = (identifier: string, system = '6') => ({ externalReferences: [{ system, identifier }] });
const faults = (answer: ChangeAnswer) =>
  answer.errors.map(({ index, details }) => [index, ...details.map(({ code, field }) => `${code} ${field}`)].join(' '));

async function furnished(): Promise<{ owner: TestOwner; ids: string[] }> {
  const owner = await hub.owner();
  const made = await upsert(owner, [row('A', link('a')), row('B', link('b')), row('C', link('c', 'POSTI'))]);
  await outboxOf(hub, owner);
  return { owner, ids: made.results.map(({ customerId }) => customerId!) };
}

describe('whose changes', () => {
  test('T8, T9, T10: each row names its customer by id, code or link, and changes its own fields', async () => {
    const { owner, ids } = await furnished();
    const answer = await bulkUpdate(owner, [
      { by: { id: ids[0] }, fields: { city: 'Roma' } },
      { by: { code: ' b ' }, fields: { email: 'b@x.example', tags: ['VIP'] } },
      { by: { external: { system: 2, identifier: 'c' } }, fields: { acceptsMarketingSms: 'yes' } },
      { by: { id: Number(ids[0]) }, fields: { city: 'Roma' } },
    ]);
    expect(answer.errors).toEqual([]);
    expect(actionsOf(answer)).toEqual(['UPDATE ID', 'UPDATE CODE', 'UPDATE EXTERNAL_REFERENCE', 'UNCHANGED ID']);
    expect(answer.results.map(({ code, customerId }) => [code, customerId])).toEqual([
      ['A', ids[0]],
      ['b', ids[1]],
      ['C', ids[2]],
      ['A', ids[0]],
    ]);
    expect(answer.counts).toEqual({
      rows: 4,
      customers: 0,
      users: 0,
      updated: 3,
      unchanged: 1,
      skipped: 0,
      rejected: 0,
    });
    expect(await outboxOf(hub, owner)).toEqual(['A UPDATED', 'B UPDATED,TAG', 'C CONSENT']);
  });

  test('a row that names nobody, or nobody by one key, is told with everything else that is wrong; the others are written', async () => {
    const { owner, ids } = await furnished();
    const answer = await bulkUpdate(owner, [
      { fields: { email: 'no' } },
      { by: {}, fields: {} },
      { by: { id: ids[0], code: 'A' }, fields: { city: 'X' } },
      { by: 'A', fields: { city: 'X' } },
      { by: { id: 'x' }, fields: { city: 'X' } },
      { by: { code: 7 }, fields: { city: 'X' } },
      { by: { external: { system: 'WOOCOMMERCE' } }, fields: {} },
      { by: { code: 'nobody' }, fields: { email: 'no' } },
      { by: { external: { system: 'NOPE', identifier: 'a' } }, fields: {} },
      { by: { code: 'A' }, fields: 'x' },
      { by: { code: 'A' }, fields: { city: 'Roma' } },
      { by: { code: 'A' } },
    ]);
    expect(faults(answer)).toEqual([
      '1 REQUIRED by INVALID email',
      '2 INVALID by',
      '3 INVALID by',
      '4 INVALID by',
      '5 NOT_FOUND by',
      '6 INVALID by.code',
      '7 INVALID by.external',
      '8 NOT_FOUND by INVALID email',
      '9 NOT_FOUND by',
      '10 INVALID fields',
    ]);
    expect(actionsOf(answer).slice(10)).toEqual(['UPDATE CODE', 'UNCHANGED CODE']);
    expect(await outboxOf(hub, owner)).toEqual(['A UPDATED']);
  });

  test('A44: an excluded customer is EXCLUDED, and a key of admin may change it', async () => {
    const { owner } = await furnished();
    await owner.gql(
      'mutation { setCustomerExcluded(customer: { code: "A" }, excluded: true) { userErrors { code } } }',
    );
    const change = [{ by: { code: 'A' }, fields: { city: 'Roma' } }];
    expect(faults(await bulkUpdate(owner, change))).toEqual(['1 EXCLUDED by']);
    const input = { ownerCode: owner.code, rows: change };
    const { data } = await hub.request<{ bulkUpdateCustomers: { counts: Row } }>(
      'mutation ($input: BulkUpdateCustomersInput!) { bulkUpdateCustomers(input: $input) { counts { updated } } }',
      { input },
    );
    expect(data.bulkUpdateCustomers.counts).toEqual({ updated: 1 });
  });
});

describe('which changes', () => {
  test('T8: null clears, except code and name; STANDARD rules judge what is given, each value by itself', async () => {
    const { owner } = await furnished();
    const answer = await bulkUpdate(owner, [
      { by: { code: 'A' }, fields: { code: null, name: '', city: null, type: 'ROBOT', adminUser: 'x', tags: 5 } },
      {
        by: { code: 'B' },
        fields: { externalReferences: null, language: 'DA', prepaymentDays: '7', adminUser: loginOf(1) },
      },
      { by: { code: 'C' }, fields: { externalReferences: { system: 'NOPE', identifier: 'x' }, birthDate: 5 } },
    ]);
    expect(faults(answer)).toEqual([
      '1 REQUIRED code REQUIRED name INVALID type INVALID adminUser INVALID tags.0',
      '3 INVALID birthDate NOT_FOUND externalReferences.0.system',
    ]);
    expect(answer.results[1]).toMatchObject({ action: 'UPDATE', user: true });
    expect((await customersOf(hub, owner))[1]).toMatchObject({
      ...{ links: [], logins: ['user1'] },
      fields: { language: 'da', prepayment_days: 7 },
    });
  });

  test('VERSION_CONFLICT names the current version; an earlier row of the same call counts', async () => {
    const { owner } = await furnished();
    const of = (expectedVersion: unknown, city: string) => ({ by: { code: 'A' }, expectedVersion, fields: { city } });
    const answer = await bulkUpdate(owner, [
      of(2, 'X'),
      of('1', 'Roma'),
      of(1, 'X'),
      of(2, 'Milano'),
      of('two', 'X'),
      of(0, 'X'),
    ]);
    expect(actionsOf(answer)).toEqual(['REJECT', 'UPDATE CODE', 'REJECT', 'UPDATE CODE', 'REJECT', 'REJECT']);
    expect(answer.errors.map(({ errors }) => errors[0])).toEqual([
      'invalid expectedVersion (expected 2, the current version is 1)',
      'invalid expectedVersion (expected 1, the current version is 2)',
      'invalid expectedVersion',
      'invalid expectedVersion',
    ]);
    expect(answer.errors[0]!.details[0]).toMatchObject({ code: 'VERSION_CONFLICT', field: 'expectedVersion' });
    expect(await outboxOf(hub, owner)).toEqual(['A UPDATED']);
    const { customer } = await owner.gql<{ customer: Row }>('{ customer(by: { code: "A" }) { version city } }');
    expect(customer).toEqual({ version: 2, city: 'Milano' });
  });

  test('A17: codes and links that a row gives away are free for the next one, in a ring too', async () => {
    const { owner, ids } = await furnished();
    const answer = await bulkUpdate(owner, [
      { by: { id: ids[0] }, fields: { code: 'T', ...link('t') } },
      { by: { id: ids[1] }, fields: { code: 'a', ...link('a') } },
      { by: { id: ids[2] }, fields: { code: 'B', ...link('b') } },
      { by: { code: 'T' }, fields: { code: 'C' } },
      { by: { id: ids[1] }, fields: { code: 'B' } },
    ]);
    expect(faults(answer)).toEqual(['5 TAKEN code']);
    const stored = await hub.clone.sql<Row>('SELECT code, code_key FROM customer WHERE owner_id = $1 ORDER BY id', [
      owner.id,
    ]);
    expect(stored).toEqual([
      { code: 'C', code_key: 'c' },
      { code: 'a', code_key: 'a' },
      { code: 'B', code_key: 'b' },
    ]);
    expect((await customersOf(hub, owner)).map(({ links }) => links)).toEqual([
      ['WOOCOMMERCE:a'],
      ['POSTI:c', 'WOOCOMMERCE:b'],
      ['WOOCOMMERCE:t'],
    ]);
  });
});

describe('the call as a whole', () => {
  test('A15: REJECT_EVERYTHING writes nothing unless every row is good', async () => {
    const { owner } = await furnished();
    const rows = [
      { by: { code: 'A' }, fields: { city: 'Roma' } },
      { by: { code: 'B' }, fields: { city: 'x'.repeat(101) } },
    ];
    const answer = await bulkUpdate(owner, rows, { errorPolicy: 'REJECT_EVERYTHING' });
    expect(actionsOf(answer)).toEqual(['REJECT', 'REJECT']);
    expect(answer.counts).toMatchObject({ updated: 0, rejected: 2 });
    expect(faults(answer)).toEqual(['2 TOO_LONG city']);
    expect(await outboxOf(hub, owner)).toEqual([]);
  });

  test('D15: the same key and the same rows give the stored answer, other rows are refused', async () => {
    const { owner } = await furnished();
    const rows = [{ by: { code: 'A' }, fields: { city: 'Roma' } }];
    const first = await bulkUpdate(owner, rows, { idempotencyKey: 'k', showChanges: true });
    expect(await bulkUpdate(owner, rows, { idempotencyKey: 'k', showChanges: true })).toEqual(first);
    expect(first.results[0]!.changes).toEqual([{ field: 'city', before: null, after: 'Roma' }]);
    const other = await bulkUpdate(owner, [{ by: { code: 'A' }, fields: { city: 'X' } }], { idempotencyKey: 'k' });
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    expect(other.counts).toMatchObject({ rows: 1, updated: 0, rejected: 1 });
    expect(await outboxOf(hub, owner)).toEqual(['A UPDATED']);
  });

  test('no rows and 10,001 rows are refused', async () => {
    const { owner } = await furnished();
    expect((await bulkUpdate(owner, [])).userErrors).toMatchObject([{ code: 'REQUIRED', field: 'rows' }]);
    const many = Array.from({ length: 10_001 }, () => ({ by: { code: 'A' } }));
    expect((await bulkUpdate(owner, many)).userErrors).toMatchObject([{ code: 'LIMIT_EXCEEDED', field: 'rows' }]);
  });
});
