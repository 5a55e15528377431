import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerDesk, faults } from '../customer/customer-desk.js';
import { startTestHub, type TestHub } from '../hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const shown = 'name email vatStatus externalReferences { system { code } identifier }';
const links = (...pairs: [string, string][]) => pairs.map(([code, identifier]) => ({ system: { code }, identifier }));

async function desk(settings: object = {}) {
  const opened = await customerDesk(hub, settings);
  await opened.create({ code: 'A', name: 'Ann Oy', type: 'COMPANY', email: 'a@x.example' });
  await opened.create({ code: 'B', name: 'Bo', externalReferences: [{ system: '5', identifier: 'taken' }] });
  await opened.events();
  return opened;
}

test('T12: one update sets external system, identifier and VAT status, and is one change', async () => {
  const { update, events } = await desk();
  const input = { vatStatus: 'EU_SERVICES', externalReferences: [{ system: '6', identifier: 'w-1' }] };
  const { customer } = await update({ code: 'A' }, input, null, shown);
  expect(customer).toMatchObject({
    ...{ version: 2, name: 'Ann Oy', email: 'a@x.example', vatStatus: 'EU_SERVICES' },
    externalReferences: links(['WOOCOMMERCE', 'w-1']),
  });
  expect(await events()).toEqual(['A UPDATED']);
});

test('T12: what is wrong with a part of the update undoes all of it', async () => {
  const { update, events, find } = await desk({ enabledVatStatuses: ['DOMESTIC', 'EU_GOODS'] });
  const reference = { system: '6', identifier: 'w-1' };
  const wrong: [object, string[]][] = [
    [{ vatStatus: 'EU_SERVICES', externalReferences: [reference] }, ['INVALID vatStatus']],
    [
      { vatStatus: 'EU_GOODS', externalReferences: [{ system: '5', identifier: 'taken' }] },
      ['TAKEN externalReferences.0'],
    ],
    [
      { vatStatus: 'EU_GOODS', externalReferences: [reference, { system: '8', identifier: 'x' }] },
      ['NOT_FOUND externalReferences.1.system'],
    ],
    [{ vatStatus: 'EU_GOODS', name: '', externalReferences: [reference] }, ['REQUIRED name']],
  ];
  for (const [input, expected] of wrong) expect(faults(await update({ code: 'A' }, input))).toEqual(expected);
  expect(await find({ code: 'A' }, shown)).toMatchObject({ version: 1, vatStatus: 'DOMESTIC', externalReferences: [] });
  expect(await events()).toEqual([]);
});

test('T8: an update changes what it names and nothing else, whichever way the customer is named', async () => {
  const { update, find } = await desk();
  await update({ code: 'b' }, { email: 'b@x.example' });
  await update({ external: { system: 'MyCashflow', identifier: 'taken' } }, { city: 'Turku' });
  const { id } = (await find({ code: 'B' }))!;
  const { customer } = await update({ id }, { email: null }, null, `${shown} city`);
  expect(customer).toMatchObject({
    ...{ version: 4, name: 'Bo', city: 'Turku', email: null },
    externalReferences: links(['MYCASHFLOW', 'taken']),
  });
});

test('T4: system and identifier come together or not at all, when creating and when updating', async () => {
  const { create, update, events, owner } = await desk();
  const halves: [object, string][] = [
    [{ system: '6', identifier: '' }, 'REQUIRED externalReferences.0.identifier'],
    [{ system: ' ', identifier: 'w-1' }, 'REQUIRED externalReferences.0.system'],
  ];
  for (const [half, fault] of halves) {
    expect(faults(await create({ code: 'C', name: 'C', externalReferences: [half] }))).toEqual([fault]);
    expect(faults(await update({ code: 'A' }, { name: 'X', externalReferences: [half] }))).toEqual([fault]);
  }
  for (const half of [{ system: '6' }, { identifier: 'w-1' }, { system: '6', identifier: null }]) {
    const { errors } = await hub.request(
      'mutation ($r: [ExternalReferenceInput!]) { updateCustomer(by: { code: "A" }, input: { externalReferences: $r }) { customer { id } } }',
      { r: [half] },
      { key: owner.key },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  }
  expect(await events()).toEqual([]);
});

test('T4: an identifier is any text: quotes, backslashes, emoji, right to left, 255 characters, kept to the letter', async () => {
  const { update, find } = await desk();
  for (const identifier of [`a"b'c\\d`, '🙂', 'שלום', '007', 'W 1', '%', 'x'.repeat(255)]) {
    const reference = { system: '6', identifier };
    expect(faults(await update({ code: 'A' }, { externalReferences: [reference] }))).toEqual([]);
    expect(await find({ external: reference }, shown)).toMatchObject({
      code: 'A',
      externalReferences: [{ identifier }],
    });
  }
});

test('A40: one identifier for each system: setting again replaces it, others stay, null removes them', async () => {
  const { update, find, events } = await desk();
  const set = async (externalReferences: object[] | null) =>
    (await update({ code: 'A' }, { externalReferences }, null, shown)).customer;
  await set([
    { system: '6', identifier: 'w-1' },
    { system: '22', identifier: 'r-1' },
  ]);
  expect(await set([{ system: 'WOOCOMMERCE', identifier: 'w-2' }])).toMatchObject({
    version: 3,
    externalReferences: links(['WOOCOMMERCE', 'w-2'], ['GENERIC_RESERVATION_SYSTEM', 'r-1']),
  });
  expect(await find({ external: { system: '6', identifier: 'w-1' } })).toBeNull();
  expect(await set([])).toMatchObject({ version: 3 });
  expect(await set(null)).toMatchObject({ version: 4, externalReferences: [] });
  expect(await set(null)).toMatchObject({ version: 4 });
  expect(await events()).toEqual(['A UPDATED', 'A UPDATED', 'A UPDATED']);
  const twice = [
    { system: '6', identifier: 'w-1' },
    { system: 'woocommerce', identifier: 'w-2' },
  ];
  expect(faults(await update({ code: 'A' }, { externalReferences: twice }))).toEqual([
    'DUPLICATE_IN_INPUT externalReferences',
  ]);
});

test('A40: a pair belongs to one customer of an owner; the same text elsewhere is another pair', async () => {
  const [mine, theirs] = [await desk(), await desk()];
  const link = (system: string, identifier: string) =>
    mine.update({ code: 'A' }, { externalReferences: [{ system, identifier }] });
  const { id } = (await mine.find({ code: 'B' }))!;
  expect((await link('5', 'taken')).userErrors).toMatchObject([{ code: 'TAKEN', existingId: id }]);
  for (const [system, identifier] of [
    ['6', 'taken'],
    ['5', 'Taken'],
  ] as const)
    expect(faults(await link(system, identifier))).toEqual([]);
  expect(await theirs.find({ external: { system: '5', identifier: 'taken' } })).toMatchObject({ code: 'B' });
});

test('A45: each of the seven VAT statuses, for a company, where the owner has enabled it', async () => {
  const statuses =
    `DOMESTIC CONSTRUCTION_REVERSE EU_GOODS EU_SERVICES EU_NOT_INTRA_COMMUNITY EU_TRIANGULATION OUTSIDE_EU`.split(' ');
  const everything = await desk();
  const nothing = await desk({ enabledVatStatuses: ['DOMESTIC'] });
  for (const vatStatus of statuses) {
    expect((await everything.update({ code: 'A' }, { vatStatus }, null, shown)).customer).toMatchObject({ vatStatus });
    const refused = faults(await nothing.update({ code: 'A' }, { vatStatus }));
    expect(refused).toEqual(vatStatus === 'DOMESTIC' ? [] : ['INVALID vatStatus']);
  }
});
