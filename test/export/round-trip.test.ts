import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestHub, testSecret, type TestHub, type TestOwner } from '../hub.js';
import { FileDesk } from '../import-command/file-desk.js';
import { customers, importFile, ndjson } from '../import/import-request.js';
import { cli, command, endStarted } from '../process/command.js';

vi.setConfig({ testTimeout: 60_000 }); // every command is a process of a second or two

let hub: TestHub;
let owner: TestOwner;
const desk = new FileDesk();
/** Every field that a row can have, with what is awkward in a table or in JSON. */
const awkward = {
  ...{
    code: 'X-1',
    name: 'Å "quoted", Ltd; a\\b',
    type: 'company',
    firstName: "O'Neill",
    lastName: '=1+1',
    sex: 'female',
  },
  ...{
    birthDate: '0000-02-29',
    address: 'Strandvejen 1, 2. tv',
    postalCode: '02100',
    country: 'dk',
    city: 'København Ø',
  },
  ...{ email: 'ann@example.com', language: 'DA', telephone: '+45 33 12 34 56', fax: '33 12 34 57', currency: 'dkk' },
  ...{ mobile: '+4520123456', bookingOnline: 'yes', blockedInDeadline: 'no', creditCard: 1, forceContextualPayment: 0 },
  ...{ vatNumber: 'DK13585628', vatStatus: 'EU_GOODS', corporateName: 'Ltd', taxCode: 'T|1', accountingCode: '007' },
  ...{ accountingEmail: 'a@example.com', certifiedEmail: 'c@example.com', emergencyNumber: '112', sdiCode: 'abcdefg' },
  ...{ markupHotelsWeb: 5, markupCarsWeb: -1, markupTransfersWeb: 0, markupToursWeb: 3, markupGenericServicesWeb: 4 },
  ...{ customerHomepage: 'home', paymentDate: 'topay', prepaymentDays: 30, enabled: 'no' },
  ...{ acceptsMarketingEmail: true, acceptsMarketingSms: false, tags: ['VIP', 'a:b', 'Ærø, "x"'] },
  externalReferences: [
    { system: 'WOOCOMMERCE', identifier: '00:4711' },
    { system: 'MAESTRO', identifier: 'a,b;c' },
  ],
};

beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
  const rows = [awkward, ...customers(1, 249, (n) => (n % 2 ? { tags: ['odd'], birthDate: '1980-01-31' } : {}))];
  const answer = await importFile(hub, owner, ndjson(rows));
  expect(answer.last.counts).toMatchObject({ created: 250 });
  await owner.gql(
    `mutation { recordOrders(input: { ownerCode: "${owner.code}", orders: [{ customer: { code: "C-1" }, channel: POS, kind: RECEIPT,
      number: "1", paid: true, orderedAt: "2026-01-02T10:00:00Z", totalValue: "125", totalValueExVat: "100" }] }) { userErrors { message } }
     setCustomerExcluded(customer: { code: "C-249" }, excluded: true) { userErrors { message } } }`,
  );
}, 60_000);
afterAll(async () => {
  await endStarted();
  await hub.stop();
  desk.clear();
});

const direct = () => ({
  DATABASE_URL: hub.clone.url,
  STAMDATA_SECRET: testSecret,
  STAMDATA_DATA_DIR: desk.path('data'),
});
const lines = (text: string): string[] => text.trimEnd().split('\n');

test('issue 6.7: what export writes, import takes back without any change, as NDJSON and as CSV', async () => {
  for (const format of ['ndjson', 'csv']) {
    const out = desk.path(`all.${format}`);
    const exported = await desk.run(hub, owner, 'export', '--format', format, '--out', out);
    expect(exported).toMatchObject({ code: 0, stdout: '', stderr: `${owner.code}: 249 customers in ${out}\n` });
    expect(existsSync(`${out}.part`)).toBe(false);
    const back = await desk.run(hub, owner, 'import', out, '--on-existing', 'update');
    expect(back.stdout, format).toBe(`${out}: 249 rows: 0 created, 0 updated, 249 unchanged, 0 skipped, 0 rejected\n`);
  }
});

test('issue 6.7: an export has every field with its snapshot, and nobody who is excluded; from the database it is the same', async () => {
  const [ndjsonText, ofDatabase, csvOfDatabase] = await Promise.all([
    desk.run(hub, owner, 'export'),
    cli(['export', '--owner', owner.code.toLowerCase()], direct()),
    cli(['export', '--owner', owner.code, '--format', 'csv'], direct()),
  ]);
  expect(ndjsonText).toMatchObject({ code: 0, stderr: '' });
  expect(ofDatabase).toEqual(ndjsonText);
  const [first, second, ...rest] = lines(ndjsonText.stdout).map((line) => JSON.parse(line) as Record<string, unknown>);
  expect([rest.length, rest.some(({ code }) => code === 'C-249')]).toEqual([247, false]);
  expect(first).toMatchObject({
    ...{ code: 'X-1', name: awkward.name, type: 'COMPANY', sex: 'FEMALE', birthDate: '0000-02-29', country: 'DK' },
    ...{ creditCard: true, enabled: false, sdiCode: 'ABCDEFG', prepaymentDays: 30, markupCarsWeb: -1 },
    snapshot: { version: 1, name: awkward.name, acceptsMarketingEmail: true, acceptsMarketingSms: false },
  });
  expect(new Set(first!.tags as string[])).toEqual(new Set(awkward.tags));
  const unnamed = Object.keys(awkward).filter((field) => !/^acceptsMarketing/.test(field) && first![field] == null);
  expect(unnamed, 'every field of a row is in the export').toEqual([]);
  expect(second!.snapshot).toMatchObject({ ordersTotalCount: 1, ordersTotalValue: '125.00' });
  const [header, , ofSecond] = lines(csvOfDatabase.stdout);
  const cell = (name: string) => ofSecond!.split(',')[header!.split(',').indexOf(name)];
  expect(['code', 'birthDate', 'snapshot.ordersTotalValue', 'snapshot.computedAt'].map(cell)).toEqual([
    ...['C-1', '1980-01-31', '125.00', (second!.snapshot as { computedAt: string }).computedAt],
  ]);
});

test('issue 6.7: a table that would part a list wrongly is refused, and leaves no file', async () => {
  const barred = await hub.owner();
  await importFile(hub, barred, ndjson([{ code: 'T-1', name: 'Tim', tags: ['a|b'] }]));
  const out = desk.path('barred.csv');
  const refused = await desk.run(hub, barred, 'export', '--format', 'csv', '--out', out);
  expect(refused).toMatchObject({
    ...{ code: 3, stdout: '' },
    stderr: 'stamdata: customer T-1: "a|b" has the mark that parts a list in CSV: export --format ndjson\n',
  });
  expect([existsSync(out), existsSync(`${out}.part`)]).toEqual([false, false]);
});

test('issue 6.7: wrong usage ends with 2, what the hub refuses with 3; a reader that has enough is no failure', async () => {
  const writer = await owner.newKey(['customers:write']);
  const head = command('bin/stamdata.js', ['export'], { STAMDATA_URL: hub.url, STAMDATA_KEY: owner.key });
  head.child.stdout!.destroy();
  const [folder, nowhere, other, lacking, ended] = await Promise.all([
    desk.run(hub, owner, 'export', '--out', desk.path('.')),
    desk.run(hub, owner, 'export', '--out', desk.path('no/where')),
    desk.run(hub, owner, 'export', '--owner', 'OTHER'),
    desk.run(hub, owner, 'export', '--key', writer),
    head.ended,
  ]);
  expect(folder).toMatchObject({ code: 2, stderr: expect.stringMatching(/: this is a folder\n$/) as string });
  expect(nowhere).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^stamdata: cannot write .*ENOENT/) as string,
  });
  expect(other).toMatchObject({ code: 2, stderr: expect.stringMatching(/no such owner: OTHER/) as string });
  expect(lacking).toMatchObject({ code: 3, stderr: 'stamdata: this key lacks the scope customers:read\n' });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
});
