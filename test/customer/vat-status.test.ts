import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { customerDesk, faults, identifier, type CustomerDesk, type ShownCustomer } from './customer-desk.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const statuses = [
  'DOMESTIC',
  'CONSTRUCTION_REVERSE',
  'EU_GOODS',
  'EU_SERVICES',
  'EU_NOT_INTRA_COMMUNITY',
  'EU_TRIANGULATION',
  'OUTSIDE_EU',
];
const forPersons = ['DOMESTIC', 'OUTSIDE_EU'];

const setVatStatus = ({ run }: CustomerDesk, code: string, status: string) =>
  run<{ customer: ShownCustomer | null }>(
    'setVatStatus',
    { customer: [identifier, { code }], status: ['VatStatus!', status] },
    'customer { version vatStatus }',
  );

test('A45: the truth table of status × type × enabled', async () => {
  for (const enabled of [true, false])
    for (const status of statuses) {
      const others = statuses.filter((other) => other !== status);
      const desk = await customerDesk(hub, { enabledVatStatuses: enabled ? [status] : others });
      for (const type of ['PERSON', 'COMPANY']) {
        // another status than the one to be set, written past the settings, so that setting it is a change
        await desk.create({ code: type, name: type, type });
        const before = status === 'DOMESTIC' ? 'OUTSIDE_EU' : 'DOMESTIC';
        await hub.clone.sql('UPDATE customer SET vat_status = $2 WHERE owner_id = $1', [desk.owner.id, before]);
        const allowed = enabled && (type === 'COMPANY' || forPersons.includes(status));
        const { customer, userErrors } = await setVatStatus(desk, type, status);
        const found = await desk.find({ code: type }, 'vatStatus');
        expect([type, status, enabled, faults({ userErrors }), found!.vatStatus]).toEqual([
          type,
          status,
          enabled,
          allowed ? [] : ['INVALID vatStatus'],
          allowed ? status : before,
        ]);
        expect(customer?.vatStatus ?? null).toBe(allowed ? status : null);
      }
    }
});

test('T12: setting the status that is there is no change, even one that is no longer enabled', async () => {
  const desk = await customerDesk(hub);
  await desk.create({ code: 'A', name: 'A', type: 'COMPANY', vatStatus: 'EU_GOODS' });
  await desk.events();
  await hub.request('mutation ($input: OwnerInput!) { updateOwner(input: $input) { userErrors { message } } }', {
    input: { code: desk.owner.code, enabledVatStatuses: ['DOMESTIC'] },
  });
  expect((await setVatStatus(desk, 'A', 'EU_GOODS')).customer).toEqual({ version: 1, vatStatus: 'EU_GOODS' });
  expect(await desk.events()).toEqual([]);
  expect((await setVatStatus(desk, 'A', 'DOMESTIC')).customer).toEqual({ version: 2, vatStatus: 'DOMESTIC' });
  expect(await desk.events()).toEqual(['A UPDATED']);
  const back = await setVatStatus(desk, 'A', 'EU_GOODS');
  expect(back.userErrors[0]!.message).toBe('invalid vatStatus (not enabled for this owner; enabled: DOMESTIC)');
});

test('T12: one update sets link and VAT status, and nobody is NOT_FOUND', async () => {
  const desk = await customerDesk(hub);
  await desk.create({ code: 'A', name: 'A', type: 'COMPANY' });
  await desk.events();
  const input = { vatStatus: 'EU_SERVICES', externalReferences: [{ system: '5', identifier: 'm-1' }] };
  const { customer } = await desk.update({ code: 'A' }, input, null, 'vatStatus externalReferences { identifier }');
  expect(customer).toMatchObject({ version: 2, vatStatus: 'EU_SERVICES', externalReferences: [{ identifier: 'm-1' }] });
  expect(await desk.events()).toEqual(['A UPDATED']);
  expect(faults(await setVatStatus(desk, 'B', 'DOMESTIC'))).toEqual(['NOT_FOUND customer']);
});
