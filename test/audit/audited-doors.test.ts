import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { AuditPruner } from '../../src/audit/audit-pruner.js';
import { idsOf, rangesOf } from '../../src/audit/id-ranges.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { cli } from '../process/command.js';
import { auditOf } from './entries.js';

vi.setConfig({ testTimeout: 120_000 }); // one of them runs commands, which take a second or two each

let hub: TestHub;
let owner: TestOwner;
let admin: string;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
  admin = await owner.newKey(['admin', 'customers:bulk'], 'the office');
});
afterAll(() => hub.stop());

const log = (filter: object = {}) => auditOf(hub, admin, filter);
const canaries = ['Canary Name', 'canary@example.org', '+4570271699', 'CANARY-CODE', 'Canary Street 5', 'canarylogin'];
const canary = {
  ...{ code: 'CANARY-CODE', name: 'Canary Name', email: 'canary@example.org', mobile: '+4570271699' },
  ...{
    address: 'Canary Street 5',
    adminUser: { name: 'Canary Name', email: 'canary@example.org', login: 'canarylogin', password: 'secret-8' },
  },
};

test('issue 8.6: a bulk insert has one entry with all of its customers, and each of them is found in it', async () => {
  const customers = [canary, ...Array.from({ length: 2_999 }, (_, i) => ({ code: `B${i}`, name: `Row ${i}` }))];
  const { bulkInsertCustomers } = await owner.gql<{
    bulkInsertCustomers: { results: { customerId: string }[]; errors: object[] };
  }>(
    'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { results { customerId } errors { errors } } }',
    { input: { ownerCode: owner.code, customers } },
  );
  expect(bulkInsertCustomers.errors).toEqual([]);
  const ids = bulkInsertCustomers.results.map(({ customerId }) => customerId);
  const [entry, ...others] = await log({ action: 'bulkInsertCustomers' });
  expect([others, entry!.customerCount, entry!.reasons]).toEqual([[], 3_000, ['CREATED']]);
  expect(new Set(entry!.customerIds)).toEqual(new Set(ids));
  for (const id of [ids[0], ids[1_500], ids.at(-1)]) expect(await log({ customerId: id })).toEqual([entry]);
  expect(await log({ customerId: String(Number(ids.at(-1)) + 1_000_000) })).toEqual([]);
});

test('issue 8.6: imports and the door of Netstorming are told as such, an import with its operation', async () => {
  const response = await fetch(`${hub.url}/import/customers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'text/csv' },
    body: 'code,name\nI1,Imported One\nI2,Imported Two\n',
  });
  const { operationId } = JSON.parse((await response.text()).trim().split('\n').at(-1)!) as { operationId: string };
  expect(await log({ action: 'import' })).toMatchObject([
    { actorKind: 'KEY', origin: 'the office', customerCount: 2, subjectKind: 'BULK_OPERATION', subjectId: operationId },
  ]);
  const disabled = await fetch(`${hub.url}/api/customers/disable`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key: admin, owner_code: owner.code, customers: [{ code: 'I1' }] }),
  });
  expect(disabled.status).toBe(200);
  expect(await log({ action: 'netstorming disable' })).toMatchObject([{ customerCount: 1, reasons: ['UPDATED'] }]);
});

test('issue 8.6: commands on the database are told as such', async () => {
  const home = mkdtempSync(join(tmpdir(), 'stamdata-audit-'));
  try {
    const env = { DATABASE_URL: hub.clone.url, STAMDATA_DATA_DIR: home };
    expect(await cli(['key', 'create', '--owner', owner.code], env)).toMatchObject({ code: 0 });
    const [made] = await log({ action: 'createApiKey', actorKind: 'COMMAND' });
    expect(made).toMatchObject({ origin: 'command line', actorId: null, requestId: null, subjectKind: 'API_KEY' });
    await cli(['key', 'revoke', made!.subjectId!], env);
    expect(await log({ actorKind: 'COMMAND', action: 'revokeApiKey' })).toMatchObject([{ subjectId: made!.subjectId }]);
    expect(await cli(['owner', 'create', '--code', 'AUDITED'], env)).toMatchObject({ code: 0 });
    expect(await auditOf(hub, null, {}, 'AUDITED')).toMatchObject([{ action: 'createOwner', actorKind: 'COMMAND' }]);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('issue 8.6: a key of two owners stands in the log of both, and each sees its own', async () => {
  const other = await hub.owner();
  const { data } = await hub.request<{ createApiKey: { apiKey: { id: string } } }>(
    'mutation ($input: ApiKeyInput!) { createApiKey(input: $input) { apiKey { id } } }',
    { input: { name: 'both', owners: [owner.code, other.code], scopes: ['admin'] } },
  );
  const about = { subjectKind: 'API_KEY', subjectId: data.createApiKey.apiKey.id };
  const [mine, theirs] = [await log(about), await auditOf(hub, null, about, other.code)];
  expect([mine, theirs]).toMatchObject([[{ actorKind: 'OPERATOR' }], [{ actorKind: 'OPERATOR' }]]);
  expect(mine[0]!.id).not.toBe(theirs[0]!.id);
});

test('issue 8.6: no name, address, code or login of a customer stands in the log', async () => {
  const rows = await hub.clone.sql<{ row: string }>('SELECT e::text AS row FROM audit_entry e');
  expect(rows.length).toBeGreaterThan(3);
  for (const word of canaries) expect(rows.filter(({ row }) => row.includes(word))).toEqual([]);
});

test('issue 8.6: entries are forgotten after STAMDATA_AUDIT_DAYS, any number of them, and no sooner', async () => {
  const before = await hub.clone.sql('SELECT id FROM audit_entry ORDER BY id');
  await hub.clone.sql(
    `INSERT INTO audit_entry (owner_id, actor_kind, origin, action, reasons, customers, customer_count, at)
     SELECT $1, 'OPERATOR', 'old', 'old', '{}', '{}', 0, now() - i * interval '31 days' FROM generate_series(1, 2) AS i, generate_series(1, 6000)`,
    [owner.id],
  );
  const pruner = new AuditPruner({ ...hub.hub, config: { auditDays: 30 } });
  pruner.start();
  try {
    for (const deadline = Date.now() + 30_000; ;) {
      const left = await hub.clone.sql('SELECT id FROM audit_entry ORDER BY id');
      if (left.length === before.length) return expect(left).toEqual(before);
      if (Date.now() > deadline) throw new Error(`${left.length} entries are left`);
    }
  } finally {
    await pruner.stop();
  }
});

test('issue 8.6: any set of ids is its ranges and back', () => {
  expect([rangesOf([]), rangesOf(['9', '1', '3', '2'])]).toEqual(['{}', '{[1,4),[9,10)}']);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 200 })), fc.integer({ min: 1, max: 50 }), (numbers, most) => {
      const wanted = [...new Set(numbers)].sort((a, b) => a - b).map(String);
      expect(idsOf(rangesOf(numbers.map(String)), most)).toEqual(wanted.slice(0, most));
    }),
  );
});
