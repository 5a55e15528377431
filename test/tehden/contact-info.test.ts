import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerDesk, faults, identifier } from '../customer/customer-desk.js';
import { startTestHub, type TestHub } from '../hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const shown = 'id kind purpose label value valueE164 address { name street postalCode city region country }';
type Info = { id: string; kind: string; value: string | null };

async function desk() {
  const opened = await customerDesk(hub);
  const pair = { system: '22', identifier: 'guest-1' };
  await opened.create({ code: 'A', name: 'A', country: 'FI', externalReferences: [pair] });
  await opened.events();
  const add = (input: object, by: object = { external: pair }) =>
    opened.run<{ contactInfo: Info | null }>(
      'createContactInfo',
      { customer: [identifier, by], input: ['ContactInfoInput!', input] },
      `contactInfo { ${shown} }`,
    );
  const infos = async () => (await opened.find({ code: 'A' }, `contactInfos { ${shown} }`))!.contactInfos as Info[];
  return { ...opened, add, infos };
}

test('T7: a contact info of each kind is created for a customer, and each is one event', async () => {
  const { add, infos, events } = await desk();
  const address = {
    name: 'Ann',
    street: 'Katu 1\nC 5',
    postalCode: '20100',
    city: 'Turku',
    region: null,
    country: 'fi',
  };
  const inputs = [
    { kind: 'EMAIL', purpose: 'BILLING', label: 'Bills "2"', value: 'bills@x.example' },
    { kind: 'PHONE', value: '02 2345678' },
    { kind: 'MOBILE', purpose: 'EMERGENCY', value: '+358 40 1234567' },
    { kind: 'FAX', value: '(02) 234-5678' },
    { kind: 'POSTAL_ADDRESS', purpose: 'DELIVERY', address },
  ];
  for (const input of inputs) expect(faults(await add(input))).toEqual([]);
  expect(await infos()).toMatchObject([
    { ...inputs[0], address: null, valueE164: null },
    { ...inputs[1], purpose: 'GENERAL', valueE164: '+35822345678' },
    { ...inputs[2], valueE164: '+358401234567' },
    { ...inputs[3], valueE164: '+35822345678' },
    { ...inputs[4], value: null, address: { ...address, country: 'FI' } },
  ]);
  expect(await events()).toEqual(inputs.map(() => 'A UPDATED'));
});

test('T7: what is no contact info is refused with all that is wrong, and nobody hears of it', async () => {
  const { add, infos, events } = await desk();
  const wrong: [object, string[]][] = [
    [{ kind: 'EMAIL', value: 'not an address' }, ['INVALID value']],
    [{ kind: 'EMAIL' }, ['REQUIRED value']],
    [{ kind: 'PHONE', value: 'call me', label: 'x'.repeat(101) }, ['TOO_LONG label', 'INVALID value']],
    [{ kind: 'POSTAL_ADDRESS', address: {} }, ['REQUIRED address']],
    [
      { kind: 'POSTAL_ADDRESS', address: { country: 'XK', postalCode: 'x'.repeat(17) } },
      ['TOO_LONG address.postalCode', 'INVALID address.country'],
    ],
    [{ kind: 'EMAIL', value: 'a@x.example', address: { city: 'Turku' } }, ['INVALID address']],
  ];
  for (const [input, expected] of wrong) expect(faults(await add(input)).sort()).toEqual([...expected].sort());
  expect(faults(await add({ kind: 'EMAIL', value: 'a@x.example' }, { code: 'nobody' }))).toEqual([
    'NOT_FOUND customer',
  ]);
  expect(await infos()).toEqual([]);
  expect(await events()).toEqual([]);
});

test('T7: a contact info is replaced and deleted by its id', async () => {
  const { add, run, infos, events } = await desk();
  const { contactInfo } = await add({ kind: 'EMAIL', label: 'Old', value: 'old@x.example' });
  const id: [string, unknown] = ['ID!', contactInfo!.id];
  const input: [string, unknown] = ['ContactInfoInput!', { kind: 'EMAIL', value: 'new@x.example' }];
  await events();
  await run('updateContactInfo', { id, input }, 'contactInfo { id }');
  await run('updateContactInfo', { id, input }, 'contactInfo { id }'); // the same again is no change
  expect(await infos()).toMatchObject([{ value: 'new@x.example', label: null }]);
  await run('deleteContactInfo', { id }, 'deletedId');
  expect(await infos()).toEqual([]);
  expect(faults(await run('deleteContactInfo', { id }, 'deletedId'))).toEqual(['NOT_FOUND id']);
  expect(await events()).toEqual(['A UPDATED', 'A UPDATED']);
});
