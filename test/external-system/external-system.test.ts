import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customerDesk, faults, identifier, type ShownCustomer } from '../customer/customer-desk.js';
import { startTestHub, type TestHub } from '../hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

async function desk(codes = ['A', 'B']) {
  const opened = await customerDesk(hub);
  for (const code of codes) await opened.create({ code, name: code });
  await opened.events();
  const selection = 'customer { id version externalReferences { identifier system { code number } } }';
  const link = (code: string, system: string, identifierOfSystem: string) =>
    opened.run<{ customer: ShownCustomer | null }>(
      'linkExternalSystem',
      {
        customer: [identifier, { code }],
        reference: ['ExternalReferenceInput!', { system, identifier: identifierOfSystem }],
      },
      selection,
    );
  const unlink = (code: string, system: string) =>
    opened.run<{ customer: ShownCustomer | null }>(
      'unlinkExternalSystem',
      { customer: [identifier, { code }], system: ['String!', system] },
      selection,
    );
  const add = (code: string, name: string, number?: string | null) =>
    opened.run<{ externalSystem: object | null }>(
      'createExternalSystem',
      { code: ['String!', code], name: ['String!', name], number: ['String', number] },
      'externalSystem { code name number }',
    );
  return { ...opened, link, unlink, add };
}

const woo = { code: 'WOOCOMMERCE', number: '6' };

describe('links', () => {
  test('T4, A41: by code in any case or by number; the same again is no change', async () => {
    const { link, events } = await desk();
    const first = await link('A', ' wooCommerce ', ' w-1 ');
    expect(first.customer).toMatchObject({ version: 2, externalReferences: [{ identifier: 'w-1', system: woo }] });
    expect(await events()).toEqual(['A UPDATED']);
    expect((await link('A', '6', 'w-1')).customer).toEqual(first.customer);
    expect(await events()).toEqual([]);
  });

  test('A40: another identifier replaces the one before, and the old one is free again', async () => {
    const { link, events, find } = await desk();
    await link('A', '6', 'w-1');
    const { customer } = await link('A', '6', 'w-2');
    expect(customer).toMatchObject({ version: 3, externalReferences: [{ identifier: 'w-2', system: woo }] });
    expect(await find({ external: { system: '6', identifier: 'w-1' } })).toBeNull();
    expect(faults(await link('B', '6', 'w-1'))).toEqual([]);
    expect(await events()).toEqual(['A UPDATED', 'A UPDATED', 'B UPDATED']);
  });

  test('A40: a pair belongs to one customer; another case, system or owner is another pair', async () => {
    const { link, events } = await desk();
    const { customer } = await link('A', '6', 'w');
    await events();
    expect((await link('B', 'WOOCOMMERCE', 'w')).userErrors).toMatchObject([
      { code: 'TAKEN', field: 'reference', message: 'invalid reference (already exists)', existingId: customer!.id },
    ]);
    expect(await events()).toEqual([]);
    expect(faults(await link('B', '6', 'W'))).toEqual([]);
    expect(faults(await link('B', '5', 'w'))).toEqual([]);
    expect(faults(await (await desk()).link('A', '6', 'w'))).toEqual([]);
  });

  test('A40: of customers that want one pair at once exactly one gets it, and the others are told whose it is', async () => {
    const codes = ['A', 'B', 'C', 'D', 'E', 'F'];
    const { link, events } = await desk(codes);
    const answers = await Promise.all(codes.map((code) => link(code, '6', 'wanted')));
    const [winner, ...more] = answers.filter(({ customer }) => customer !== null);
    expect(more).toEqual([]);
    for (const { userErrors } of answers.filter((answer) => answer !== winner))
      expect(userErrors).toMatchObject([{ code: 'TAKEN', existingId: winner!.customer!.id }]);
    expect(await events()).toHaveLength(1);
  });

  test('T4: each part is required, within its limits, and the system must be known', async () => {
    const { link, unlink, events } = await desk();
    const wrong: [string, string, string[]][] = [
      ['6', ' ', ['REQUIRED reference.identifier']],
      ['', 'w', ['REQUIRED reference.system']],
      ['', '', ['REQUIRED reference.system', 'REQUIRED reference.identifier']],
      ['6', 'x'.repeat(256), ['TOO_LONG reference.identifier']],
      ['6', 'a\0b', ['INVALID reference.identifier']],
      ['8', 'w', ['NOT_FOUND reference.system']],
      ['06', 'w', ['NOT_FOUND reference.system']],
    ];
    for (const [system, value, expected] of wrong) expect(faults(await link('A', system, value))).toEqual(expected);
    expect(faults(await link('nobody', '6', 'w'))).toEqual(['NOT_FOUND customer']);
    for (const system of ['8', '', '\0']) expect(faults(await unlink('A', system))).toEqual(['NOT_FOUND system']);
    expect(await events()).toEqual([]);
    expect(faults(await link('A', '6', 'x'.repeat(255)))).toEqual([]);
  });

  test('A40: unlinking takes one link away, and without one it is no change', async () => {
    const { link, unlink, events } = await desk();
    await link('A', '6', 'w');
    await link('A', '2', 'p');
    await events();
    const { customer } = await unlink('A', 'woocommerce');
    expect(customer).toMatchObject({ version: 4, externalReferences: [{ identifier: 'p' }] });
    expect(await events()).toEqual(['A UPDATED']);
    expect((await unlink('A', '6')).customer).toEqual(customer);
    expect(await events()).toEqual([]);
    expect(faults(await link('B', '6', 'w'))).toEqual([]);
  });
});

describe('systems', () => {
  const systemsOf = async (opened: Awaited<ReturnType<typeof desk>>) =>
    (
      await opened.owner.gql<{ externalSystems: { code: string; number: string | null }[] }>(
        '{ externalSystems { code number } }',
      )
    ).externalSystems;

  test('T5: every owner has the eight, with their numbers', async () => {
    expect((await systemsOf(await desk([]))).map(({ code, number }) => `${number} ${code}`)).toEqual([
      '1 MAESTRO',
      '2 POSTI',
      '3 MATKAHUOLTO',
      '4 CHECKOUT_FINLAND',
      '5 MYCASHFLOW',
      '6 WOOCOMMERCE',
      '7 GENERIC_WEBSTORE',
      '22 GENERIC_RESERVATION_SYSTEM',
    ]);
  });

  test('A41: an owner adds its own, with or without a number, for itself alone', async () => {
    const [opened, other] = [await desk(), await desk()];
    const till = await opened.add(' my_till ', ' My till ', '23');
    expect(till).toEqual({ externalSystem: { code: 'MY_TILL', name: 'My till', number: '23' }, userErrors: [] });
    expect((await opened.add('BARE', 'Bare')).externalSystem).toEqual({ code: 'BARE', name: 'Bare', number: null });
    expect((await opened.add('BARE2', 'Bare', '')).externalSystem).toMatchObject({ number: null });
    expect(faults(await opened.link('A', 'My_Till', 't-1'))).toEqual([]);
    expect(await opened.find({ external: { system: '23', identifier: 't-1' } })).toMatchObject({ code: 'A' });
    expect(faults(await other.link('A', 'MY_TILL', 't-1'))).toEqual(['NOT_FOUND reference.system']);
    expect(await systemsOf(other)).toHaveLength(8);
  });

  test('A41: what is taken or malformed is refused', async () => {
    const opened = await desk([]);
    const wrong: [string, string, string | undefined, string[]][] = [
      ['woocommerce', 'Again', undefined, ['TAKEN code']],
      ['NEW', 'Same number', '6', ['TAKEN code']],
      ['6', 'A number is no code', undefined, ['INVALID code']],
      ['', '', 'six', ['INVALID code', 'INVALID name', 'INVALID number']],
      ['A-B', 'x'.repeat(101), '1234567890', ['INVALID code', 'INVALID name', 'INVALID number']],
      ['ÆØ', 'half \ud800', undefined, ['INVALID code', 'INVALID name']],
      ['X'.repeat(65), 'nul \0', undefined, ['INVALID code', 'INVALID name']],
    ];
    for (const [code, name, number, expected] of wrong)
      expect(faults(await opened.add(code, name, number))).toEqual(expected);
    expect(await systemsOf(opened)).toHaveLength(8);
    expect(faults(await opened.add('X'.repeat(64), '😀'.repeat(100)))).toEqual([]);
  });
});
