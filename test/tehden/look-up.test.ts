import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerDesk, faults } from '../customer/customer-desk.js';
import { startTestHub, type TestHub } from '../hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const eight: [string, string][] = [
  ...([
    ['1', 'MAESTRO'],
    ['2', 'POSTI'],
    ['3', 'MATKAHUOLTO'],
    ['4', 'CHECKOUT_FINLAND'],
  ] as [string, string][]),
  ...([
    ['5', 'MYCASHFLOW'],
    ['6', 'WOOCOMMERCE'],
    ['7', 'GENERIC_WEBSTORE'],
  ] as [string, string][]),
  ['22', 'GENERIC_RESERVATION_SYSTEM'],
];

test('T9: the id of a customer by the pair that links it, by code or number of the system', async () => {
  const { create, find, update } = await customerDesk(hub);
  const { customer } = await create({ code: 'A', name: 'A', externalReferences: [{ system: '6', identifier: 'w-1' }] });
  for (const system of ['6', 'WOOCOMMERCE', 'WooCommerce'])
    expect((await find({ external: { system, identifier: 'w-1' } }))?.id).toBe(customer!.id);
  await update({ code: 'A' }, { externalReferences: [{ system: '6', identifier: 'w-2' }] });
  expect(await find({ external: { system: '6', identifier: 'w-1' } })).toBeNull();
});

test('T10: the id of a customer by its number, in any case, quotes and all', async () => {
  const { create, find, update } = await customerDesk(hub);
  for (const code of ['Inv-2026/7', `O'Neil "7" \\`, '№ 🙂', '0007', '7']) {
    const { customer } = await create({ code, name: 'A' });
    expect((await find({ code: code.toLowerCase() }))?.id).toBe(customer!.id);
    expect((await find({ code: ` ${code.toUpperCase()} ` }))?.id).toBe(customer!.id);
  }
  await update({ code: '7' }, { code: '8' });
  expect(await find({ code: '7' })).toBeNull();
  expect(await find({ code: '8' })).not.toBeNull();
});

test('A43: the pair needs both its parts: one identifier in two systems is two customers', async () => {
  const { create, find, owner } = await customerDesk(hub);
  for (const [code, system] of [
    ['W', '6'],
    ['M', '5'],
  ] as const)
    await create({ code, name: code, externalReferences: [{ system, identifier: '1001' }] });
  expect(await find({ external: { system: '6', identifier: '1001' } })).toMatchObject({ code: 'W' });
  expect(await find({ external: { system: '5', identifier: '1001' } })).toMatchObject({ code: 'M' });
  expect(await find({ external: { system: '7', identifier: '1001' } })).toBeNull();
  const query = 'query ($by: CustomerIdentifierInput!) { customer(by: $by) { id } }';
  for (const external of [{ identifier: '1001' }, { system: '6' }, { system: null, identifier: '1001' }, '1001']) {
    const { errors } = await hub.request(query, { by: { external } }, { key: owner.key });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  }
});

test('T5: every owner has the eight systems from the start, and each links by its code and by its number', async () => {
  const { create, find, owner } = await customerDesk(hub);
  const { externalSystems } = await owner.gql<{ externalSystems: { code: string; number: string }[] }>(
    '{ externalSystems { code number } }',
  );
  expect(externalSystems.map(({ number, code }) => [number, code])).toEqual(eight);
  for (const [number, code] of eight) {
    const made = await create(
      { code, name: code, externalReferences: [{ system: number, identifier: 'same everywhere' }] },
      'externalReferences { system { code number } }',
    );
    expect(made.customer!.externalReferences).toEqual([{ system: { code, number } }]);
    expect(await find({ external: { system: code, identifier: 'same everywhere' } })).toMatchObject({ code });
  }
});

test('A41: systems are rows: an owner adds its own, and one that nobody knows is an error', async () => {
  const { create, find, run } = await customerDesk(hub);
  const reference = (system: string) => ({
    code: system,
    name: 'N',
    externalReferences: [{ system, identifier: 'x' }],
  });
  for (const system of ['8', '21', '23', 'MY_TILL', '06', 'WOO COMMERCE'])
    expect(faults(await create(reference(system)))).toEqual(['NOT_FOUND externalReferences.0.system']);
  await run(
    'createExternalSystem',
    { code: ['String!', 'MY_TILL'], name: ['String!', 'Till'], number: ['String', '23'] },
    'externalSystem { id }',
  );
  expect(faults(await create(reference('23')))).toEqual([]);
  expect(await find({ external: { system: 'my_till', identifier: 'x' } })).toMatchObject({ code: '23' });
  const taken = await create(reference('MY_TILL'));
  expect(taken.userErrors).toMatchObject([{ code: 'TAKEN' }]); // number and code are the same system
});
