import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { customerDesk, faults, identifier, type CustomerDesk } from './customer-desk.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

interface Info extends Record<string, unknown> {
  id: string;
}

const selection = `id customerId kind purpose label value valueE164
  address { name street postalCode city region country }`;

async function desk(input: object = {}) {
  const opened = await customerDesk(hub);
  await opened.create({ code: 'A', name: 'A', country: 'DK', ...input });
  await opened.events();
  const add = (info: object, code = 'A') =>
    opened.run<{ contactInfo: Info | null }>(
      'createContactInfo',
      { customer: [identifier, { code }], input: ['ContactInfoInput!', info] },
      `contactInfo { ${selection} }`,
    );
  const change = (id: string, info: object) =>
    opened.run<{ contactInfo: Info | null }>(
      'updateContactInfo',
      { id: ['ID!', id], input: ['ContactInfoInput!', info] },
      `contactInfo { ${selection} }`,
    );
  const remove = (id: string) =>
    opened.run<{ deletedId: string | null }>('deleteContactInfo', { id: ['ID!', id] }, 'deletedId');
  return { ...opened, add, change, remove };
}

const infosOf = async ({ find }: Pick<CustomerDesk, 'find'>, code = 'A'): Promise<Info[]> =>
  (await find({ code }, `contactInfos { ${selection} }`))!.contactInfos as Info[];

const bare = { label: null, value: null, valueE164: null, address: null };
const noAddress = { name: null, street: null, postalCode: null, city: null, region: null, country: null };

describe('every kind', () => {
  test('T7: an address by mail, numbers with their E.164, and a postal address; each an event', async () => {
    const opened = await desk();
    const kinds: [object, object][] = [
      [
        { kind: 'EMAIL', value: ' b@x.example ', purpose: 'CERTIFIED_EMAIL' },
        { value: 'b@x.example', purpose: 'CERTIFIED_EMAIL' },
      ],
      [
        { kind: 'PHONE', value: '70 27 16 99', purpose: null },
        { value: '70 27 16 99', valueE164: '+4570271699', purpose: 'GENERAL' },
      ],
      [
        { kind: 'MOBILE', value: '+39 333 1234567', label: 'Mario' },
        { valueE164: '+393331234567', label: 'Mario' },
      ],
      [
        { kind: 'FAX', value: '12' },
        { value: '12', valueE164: null },
      ],
      [
        { kind: 'POSTAL_ADDRESS', purpose: 'BILLING', address: { street: 'Havnen 1\r\n 2. sal ', country: 'dk' } },
        { purpose: 'BILLING', address: { ...noAddress, street: 'Havnen 1\n2. sal', country: 'DK' } },
      ],
    ];
    for (const [given, expected] of kinds) {
      const { contactInfo, userErrors } = await opened.add(given);
      expect(userErrors).toEqual([]);
      expect(contactInfo).toMatchObject(expected);
      expect(await opened.events()).toEqual(['A UPDATED']);
    }
    const infos = await infosOf(opened);
    expect(infos.map(({ kind }) => kind)).toEqual(['EMAIL', 'PHONE', 'MOBILE', 'FAX', 'POSTAL_ADDRESS']);
    expect(infos[0]).toMatchObject({ ...bare, value: 'b@x.example' });
    expect(await opened.find({ code: 'A' })).toMatchObject({ version: 6 });
  });

  test('T7: exactly one of value and address, and each as its kind wants it', async () => {
    const opened = await desk();
    const address = { city: 'Oslo' };
    const wrong: [object, string[]][] = [
      [{ kind: 'EMAIL' }, ['REQUIRED value']],
      [{ kind: 'EMAIL', value: ' ' }, ['REQUIRED value']],
      [{ kind: 'EMAIL', value: 'no' }, ['INVALID value']],
      [{ kind: 'EMAIL', value: 'a@x.example', address }, ['INVALID address']],
      [{ kind: 'PHONE', address }, ['REQUIRED value', 'INVALID address']],
      [{ kind: 'PHONE', value: 'ring me' }, ['INVALID value']],
      [{ kind: 'MOBILE', value: '1'.repeat(31) }, ['TOO_LONG value']],
      [{ kind: 'POSTAL_ADDRESS' }, ['REQUIRED address']],
      [{ kind: 'POSTAL_ADDRESS', address: {} }, ['REQUIRED address']],
      [{ kind: 'POSTAL_ADDRESS', address: { city: ' ' } }, ['REQUIRED address']],
      [{ kind: 'POSTAL_ADDRESS', value: 'Oslo', address }, ['INVALID value']],
      [{ kind: 'POSTAL_ADDRESS', address: { city: 'Oslo', country: 'UK' } }, ['INVALID address.country']],
      [
        { kind: 'POSTAL_ADDRESS', label: 'x'.repeat(101), address: { name: 'a\0b', street: 'x'.repeat(151) } },
        ['TOO_LONG label', 'INVALID address.name', 'TOO_LONG address.street'],
      ],
    ];
    for (const [given, expected] of wrong) expect(faults(await opened.add(given))).toEqual(expected);
    expect(await opened.events()).toEqual([]);
    expect(await infosOf(opened)).toEqual([]);
  });

  test('T7: one customer has at most 100, another one is not counted', async () => {
    const opened = await desk();
    await opened.create({ code: 'B', name: 'B' });
    await hub.clone.sql(
      `INSERT INTO contact_info (owner_id, customer_id, kind, value)
       SELECT owner_id, id, 'PHONE', n::text FROM customer, generate_series(1, 99) AS n WHERE owner_id = $1 AND code = 'A'`,
      [opened.owner.id],
    );
    expect(faults(await opened.add({ kind: 'PHONE', value: '100' }))).toEqual([]);
    expect(faults(await opened.add({ kind: 'PHONE', value: '101' }))).toEqual(['LIMIT_EXCEEDED null']);
    expect(faults(await opened.add({ kind: 'PHONE', value: '101' }, 'B'))).toEqual([]);
  });
});

describe('changing and deleting', () => {
  test('T7: an update replaces everything, the kind included; the same again is no change', async () => {
    const opened = await desk();
    const { contactInfo } = await opened.add({ kind: 'PHONE', value: '70271699', label: 'Desk', purpose: 'BILLING' });
    const { id } = contactInfo!;
    await opened.events();
    const address = { name: 'Ann', city: 'Oslo', postalCode: '0150', region: 'Øst' };
    const moved = await opened.change(id, { kind: 'POSTAL_ADDRESS', address });
    expect(moved.contactInfo).toMatchObject({
      ...bare,
      id,
      kind: 'POSTAL_ADDRESS',
      purpose: 'GENERAL',
      address: { ...noAddress, ...address },
    });
    expect(await opened.events()).toEqual(['A UPDATED']);
    expect((await opened.change(id, { kind: 'POSTAL_ADDRESS', address })).contactInfo).toEqual(moved.contactInfo);
    expect(await opened.events()).toEqual([]);
    expect(faults(await opened.change(id, { kind: 'POSTAL_ADDRESS' }))).toEqual(['REQUIRED address']);
    expect(await infosOf(opened)).toEqual([moved.contactInfo]);
  });

  test('T7: deleting is an event of its customer only; a second time it is NOT_FOUND', async () => {
    const opened = await desk();
    await opened.create({ code: 'B', name: 'B' });
    const { contactInfo } = await opened.add({ kind: 'EMAIL', value: 'b@x.example' }, 'B');
    await opened.add({ kind: 'EMAIL', value: 'a@x.example' });
    await opened.events();
    expect(await opened.remove(contactInfo!.id)).toEqual({ deletedId: contactInfo!.id, userErrors: [] });
    expect(await opened.events()).toEqual(['B UPDATED']);
    expect(await infosOf(opened, 'B')).toEqual([]);
    expect(await infosOf(opened)).toHaveLength(1);
    expect(faults(await opened.remove(contactInfo!.id))).toEqual(['NOT_FOUND id']);
    expect(await opened.events()).toEqual([]);
  });

  test('what is nobody, or belongs to another owner, is NOT_FOUND', async () => {
    const [opened, other] = [await desk(), await desk()];
    const { contactInfo } = await other.add({ kind: 'EMAIL', value: 'b@x.example' });
    for (const id of [contactInfo!.id, '0', '-1', 'x', '9'.repeat(25), '']) {
      expect(faults(await opened.change(id, { kind: 'EMAIL', value: 'c@x.example' }))).toEqual(['NOT_FOUND id']);
      expect(faults(await opened.remove(id))).toEqual(['NOT_FOUND id']);
    }
    expect(faults(await opened.add({ kind: 'EMAIL', value: 'b@x.example' }, 'nobody'))).toEqual(['NOT_FOUND customer']);
    expect(await infosOf(other)).toHaveLength(1);
  });

  test("A19: a number follows its customer's country, as the customer's own numbers do", async () => {
    const opened = await desk();
    await opened.add({ kind: 'PHONE', value: '70271699' });
    await opened.add({ kind: 'MOBILE', value: '+39 333 1234567' });
    await opened.add({ kind: 'EMAIL', value: 'a@x.example' });
    await opened.events();
    await opened.update({ code: 'A' }, { country: null });
    expect((await infosOf(opened)).map(({ valueE164 }) => valueE164)).toEqual([null, '+393331234567', null]);
    await opened.update({ code: 'A' }, { country: 'NO' });
    expect((await infosOf(opened)).map(({ valueE164 }) => valueE164)).toEqual(['+4770271699', '+393331234567', null]);
    expect(await opened.events()).toEqual(['A UPDATED', 'A UPDATED']);
  });
});
