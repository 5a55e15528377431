import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyRows, type ApplyRows } from '../../src/bulk/apply-rows.js';
import { checkCustomerRow, type CheckedRow } from '../../src/bulk/rules.js';
import { checkUpdateRow } from '../../src/bulk/update-row.js';
import { write, type Write } from '../../src/write.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { actionsOf, bulkUpdate, customersOf, upsert } from './changed-rows.js';
import { outboxOf } from './partner-rows.js';
import type { Row } from './rows.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const row = (n: number, changes: Row = {}): Row => ({
  ...{ code: `C${n}`, name: `Customer ${n}`, country: 'DK', mobile: '20304050', tags: ['T1', `T${n % 5}`] },
  ...{ externalReferences: [{ system: '6', identifier: `w${n}` }], acceptsMarketingEmail: true },
  ...changes,
});
const many = (count: number, changes: (n: number) => Row): Row[] =>
  Array.from({ length: count }, (_, n) => row(n, changes(n)));

/** The names of the statements that applying takes, the write's own after it included. */
async function statementsOf(owner: TestOwner, rows: CheckedRow[], onExisting: ApplyRows['onExisting']) {
  const names: string[] = [];
  const options: ApplyRows = {
    ...{ profile: 'STANDARD', names: 'graphql', onExisting, allOrNothing: false, detail: false },
    ...{ showExcluded: false, consentSource: 'test', secret: hub.hub.secret },
  };
  await write(hub.hub, { ownerId: owner.id, origin: 'test' }, async (tx: Write) => {
    const send = tx.rows.bind(tx);
    tx.rows = (sql, parameters) => {
      names.push(/\/\* (\w+) \*\//.exec(sql)?.[1] ?? sql);
      return send(sql, parameters);
    };
    await applyRows(tx, rows, options);
  });
  return names;
}

test('a fixed number of statements for any number of rows that make, change and leave customers', async () => {
  const run = async (count: number) => {
    const owner = await hub.owner();
    const checked = (rows: Row[]) => rows.map((one) => checkCustomerRow(one, 'STANDARD', 'graphql'));
    await statementsOf(owner, checked(many(count, () => ({}))), 'update');
    const mixed = many(count * 2, (n) => [{}, { mobile: '20304051', country: 'SE' }, { tags: ['New'] }][n % 3]!);
    const names = await statementsOf(owner, checked(mixed), 'update');
    const unchanged = await statementsOf(owner, checked(mixed), 'update');
    const updates = mixed.map(({ code }) => checkUpdateRow({ by: { code }, fields: { city: 'Roma' } }));
    return { names, unchanged, updates: await statementsOf(owner, updates, 'reject') };
  };
  const [few, lots] = [await run(500), await run(1_000)];
  expect(lots).toEqual(few);
  expect(few.names.length).toBeLessThan(25);
  expect(few.unchanged.filter((name) => /lock|raise|insert|update|delete|store(?!d)/i.test(name))).toEqual([]);
});

test('batches at once about the same customers, in opposite orders, lose nothing and tell each change once', async () => {
  const owner = await hub.owner();
  const codes = Array.from({ length: 200 }, (_, n) => `C${n}`);
  await upsert(
    owner,
    codes.map((code) => ({ code, name: code })),
  );
  await outboxOf(hub, owner);
  const fields = [{ city: 'Roma' }, { email: 'x@x.example' }, { tags: ['VIP'] }, { mobile: '20304050' }];
  const answers = await Promise.all(
    fields.map((change, i) => {
      const order = i % 2 === 0 ? codes : [...codes].reverse();
      return bulkUpdate(
        owner,
        order.map((code) => ({ by: { code }, fields: change })),
      );
    }),
  );
  for (const answer of answers) {
    expect([answer.userErrors, answer.errors]).toEqual([[], []]);
    expect(new Set(actionsOf(answer))).toEqual(new Set(['UPDATE CODE']));
  }
  const stored = await customersOf(hub, owner);
  expect(stored).toHaveLength(200);
  for (const customer of stored)
    expect(customer).toMatchObject({
      fields: { city: 'Roma', email: 'x@x.example', mobile: '20304050' },
      tags: ['VIP'],
    });
  const [versions] = await hub.clone.sql<Row>(
    'SELECT min(version) AS least, max(version) AS most FROM customer WHERE owner_id = $1',
    [owner.id],
  );
  expect(versions).toEqual({ least: 5, most: 5 });
  expect(await outboxOf(hub, owner)).toHaveLength(800);
});

test('batches at once that meet and make the same customers come to one customer each', async () => {
  const owner = await hub.owner();
  const rows = many(150, () => ({}));
  const answers = await Promise.all([rows, [...rows].reverse(), rows].map((batch) => upsert(owner, batch)));
  for (const answer of answers) expect([answer.userErrors, answer.errors]).toEqual([[], []]);
  const actions = answers.flatMap(actionsOf);
  expect(actions.filter((action) => action === 'CREATE')).toHaveLength(150);
  expect(actions.filter((action) => action === 'UNCHANGED CODE')).toHaveLength(300);
  expect(await customersOf(hub, owner)).toHaveLength(150);
});

test('10,000 rows update 5,000 customers and make 5,000 in one call', { timeout: 60_000 }, async () => {
  const owner = await hub.owner();
  await upsert(
    owner,
    many(5_000, () => ({})),
  );
  const answer = await upsert(
    owner,
    many(10_000, () => ({ city: 'Roma', tags: ['T1', 'New'] })),
    { showChanges: true },
  );
  expect(answer.counts).toMatchObject({ rows: 10_000, customers: 5_000, updated: 5_000, rejected: 0 });
  expect(answer.results[7]!.changes).toEqual([
    { field: 'city', before: null, after: 'Roma' },
    { field: 'tags', before: ['T1', 'T2'], after: ['T1', 'T2', 'New'] },
  ]);
});
