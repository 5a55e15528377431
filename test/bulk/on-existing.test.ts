import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { actionsOf, customersOf, upsert } from './changed-rows.js';
import { loginOf, outboxOf } from './partner-rows.js';
import type { Row } from './rows.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const row = (code: string, changes: Row = {}): Row => ({ code, name: `Customer ${code}`, ...changes });
const link = (identifier: string, system = '6') => ({ externalReferences: [{ system, identifier }] });

async function versionOf(owner: TestOwner, code: string): Promise<number> {
  const { customer } = await owner.gql<{ customer: { version: number } }>(
    'query ($code: String!) { customer(by: { code: $code }) { version } }',
    { code },
  );
  return customer.version;
}

describe('onExisting: UPDATE', () => {
  test('T8: of an existing customer what the row gives changes, null clears, the rest stays; it is told and is one event', async () => {
    const owner = await hub.owner();
    const full = row('A', { email: 'a@x.example', mobile: '0701', city: 'Aarhus', tags: ['Old'], ...link('w1') });
    await upsert(owner, [full, row('B')]);
    await outboxOf(hub, owner);
    const changes = { email: null, mobile: '0702', sex: 'FEMALE', birthDate: '0000-05-17', tags: ['old', 'New'] };
    const answer = await upsert(
      owner,
      [row('a', { ...changes, ...link('p1', 'POSTI'), acceptsMarketingEmail: true }), row('C')],
      { showChanges: true },
    );
    expect(answer.errors).toEqual([]);
    expect(actionsOf(answer)).toEqual(['UPDATE CODE', 'CREATE']);
    expect(answer.counts).toMatchObject({ rows: 2, customers: 1, updated: 1, unchanged: 0, skipped: 0, rejected: 0 });
    const told = Object.fromEntries(
      answer.results[0]!.changes!.map(({ field, before, after }) => [field, [before, after]]),
    );
    const wooCommerce = { system: 'WOOCOMMERCE', identifier: 'w1' };
    expect(told).toEqual({
      code: ['A', 'a'],
      name: ['Customer A', 'Customer a'],
      email: ['a@x.example', null],
      mobile: ['0701', '0702'],
      sex: ['UNKNOWN', 'FEMALE'],
      birthDate: [null, { year: null, month: 5, day: 17 }],
      externalReferences: [[wooCommerce], [wooCommerce, { system: 'POSTI', identifier: 'p1' }]],
      tags: [['Old'], ['Old', 'New']],
      acceptsMarketingEmail: [null, true],
    });
    const [stored] = await customersOf(hub, owner);
    expect(stored).toMatchObject({
      fields: { code: 'a', email: null, mobile: '0702', city: 'Aarhus', sex: 2, birth_month: 5, birth_year: null },
      links: ['POSTI:p1', 'WOOCOMMERCE:w1'],
      tags: ['New', 'Old'],
      consents: ['EMAIL:true'],
    });
    expect(await versionOf(owner, 'A')).toBe(2);
    expect((await outboxOf(hub, owner)).sort()).toEqual(['C CREATED', 'a UPDATED,CONSENT,TAG'].sort());
  });

  test('T8: a row that says what is there already is UNCHANGED, raises no version and is no event', async () => {
    const owner = await hub.owner();
    const rows = [
      row('A', {
        country: 'DK',
        mobile: '20304050',
        tags: ['x'],
        ...link('w'),
        acceptsMarketingSms: 'n',
        vatNumber: '13748136',
      }),
      row('B', { adminUser: loginOf(1), birthDate: { month: 5 } }),
    ];
    expect(actionsOf(await upsert(owner, rows))).toEqual(['CREATE', 'CREATE']);
    await outboxOf(hub, owner);
    const again = await upsert(owner, rows, { showChanges: true });
    expect(again.errors).toEqual([]);
    expect(actionsOf(again)).toEqual(['UNCHANGED CODE', 'UNCHANGED CODE']);
    expect(again.results.map(({ changes }) => changes)).toEqual([[], []]);
    expect(await outboxOf(hub, owner)).toEqual([]);
    expect(await versionOf(owner, 'A')).toBe(1);
  });

  test('T9: a link finds its customer too, even where code and name are left out; its code may change then', async () => {
    const owner = await hub.owner();
    await upsert(owner, [row('A', link('w1')), row('B', link('w2'))]);
    const answer = await upsert(owner, [
      { ...link('w1', 'woocommerce'), city: 'Roma' },
      row('Z', link('w2')),
      { ...link('nobody'), city: 'Roma' },
    ]);
    expect(actionsOf(answer)).toEqual(['UPDATE EXTERNAL_REFERENCE', 'UPDATE EXTERNAL_REFERENCE', 'REJECT']);
    expect(answer.errors).toMatchObject([{ index: 3, errors: ['missing code', 'missing name'] }]);
    expect((await customersOf(hub, owner)).map(({ fields }) => (fields as Row).code)).toEqual(['A', 'Z']);
  });

  test('A40: a link to the same system is replaced, null takes all away, and what was given away can be taken', async () => {
    const owner = await hub.owner();
    await upsert(owner, [row('A', link('w1')), row('B', link('w2'))]);
    const answer = await upsert(owner, [
      row('A', link('w3')),
      row('B', { externalReferences: null }),
      row('C', link('w1')),
    ]);
    expect(answer.errors).toEqual([]);
    expect((await customersOf(hub, owner)).map(({ links }) => links)).toEqual([
      ['WOOCOMMERCE:w3'],
      [],
      ['WOOCOMMERCE:w1'],
    ]);
    const twice = [
      { system: '6', identifier: 'x' },
      { system: 'WOOCOMMERCE', identifier: 'y' },
    ];
    const wrong = await upsert(owner, [row('A', { externalReferences: twice })]);
    expect(wrong.errors[0]!.errors).toEqual(['invalid externalReferences (one identifier for each system)']);
  });

  test('A19, A24: another country reads the stored numbers anew, those of the contact infos too', async () => {
    const owner = await hub.owner();
    await upsert(owner, [
      row('A', { country: 'DK', mobile: '20304050', vatNumber: '13748136' }),
      row('B', { country: 'DK' }),
    ]);
    await owner.gql(
      'mutation { createContactInfo(customer: { code: "B" }, input: { kind: PHONE, value: "0694805123" }) { userErrors { code } } }',
    );
    await upsert(owner, [row('A', { country: 'de' }), row('B', { country: 'IT' })]);
    const [a] = await customersOf(hub, owner);
    expect(a!.fields).toMatchObject({ country: 'DE', vat_number: '13748136', vat_number_check: 'INVALID' });
    expect((a!.fields as Row).mobile_e164).not.toBe('+4520304050');
    const infos = await hub.clone.sql<Row>('SELECT value_e164 FROM contact_info WHERE owner_id = $1', [owner.id]);
    expect(infos).toEqual([{ value_e164: '+390694805123' }]);
  });

  test('N40, A16: a login is added, one that is there stays as it is, one of another is told while the rest is written', async () => {
    const owner = await hub.owner();
    await upsert(owner, [row('A', { adminUser: loginOf(1) }), row('B')]);
    const sealed = () =>
      hub.clone.sql<Row>('SELECT login, password_sealed FROM customer_user WHERE owner_id = $1 ORDER BY id', [
        owner.id,
      ]);
    const before = await sealed();
    const answer = await upsert(owner, [
      row('A', { adminUser: loginOf(1, { login: 'USER1', password: 'another1' }) }),
      row('B', { city: 'Roma', adminUser: loginOf(1) }),
      row('A', { adminUser: loginOf(2) }),
      row('B', { adminUser: loginOf(2) }),
    ]);
    expect(actionsOf(answer)).toEqual(['UNCHANGED CODE', 'UPDATE CODE', 'UPDATE CODE', 'UNCHANGED CODE']);
    expect(answer.results.map(({ user }) => user)).toEqual([false, false, true, false]);
    expect(answer.errors.map(({ index, details }) => [index, details[0]!.code, details[0]!.field])).toEqual([
      [2, 'TAKEN', 'adminUser.login'],
      [4, 'DUPLICATE_IN_INPUT', 'adminUser.login'],
    ]);
    expect((await sealed())[0]).toEqual(before[0]);
    expect((await customersOf(hub, owner)).map(({ logins }) => logins)).toEqual([['user1', 'user2'], []]);
  });

  test('A45: type and VAT status are judged together with what stays', async () => {
    const owner = await hub.owner(undefined, { enabledVatStatuses: ['DOMESTIC', 'EU_GOODS'] });
    await upsert(owner, [row('A', { type: 'COMPANY', vatStatus: 'EU_GOODS' }), row('B')]);
    const answer = await upsert(owner, [
      row('A', { type: 'PERSON' }),
      row('B', { vatStatus: 3 }),
      row('B', { vatStatus: 7 }),
    ]);
    expect(answer.errors.map(({ errors }) => errors)).toEqual([
      ['invalid vatStatus (EU_GOODS is for customers of type COMPANY)'],
      ['invalid vatStatus (EU_GOODS is for customers of type COMPANY)'],
      ['invalid vatStatus (not enabled for this owner; enabled: DOMESTIC, EU_GOODS)'],
    ]);
    expect(actionsOf(await upsert(owner, [row('A')]))).toEqual(['UNCHANGED CODE']);
  });

  test('A44: an excluded customer is not matched, and nothing but that its keys are taken is told', async () => {
    const owner = await hub.owner();
    await upsert(owner, [row('GONE', link('gone'))]);
    await owner.gql(
      'mutation { setCustomerExcluded(customer: { code: "GONE" }, excluded: true) { userErrors { code } } }',
    );
    const before = await customersOf(hub, owner);
    for (const onExisting of ['UPDATE', 'SKIP']) {
      const answer = await upsert(owner, [row('gone', { city: 'X' }), row('NEW', link('gone'))], { onExisting });
      expect(actionsOf(answer)).toEqual(['REJECT', 'REJECT']);
      expect(answer.errors.map(({ details }) => details)).toEqual([
        [
          {
            code: 'TAKEN',
            field: 'code',
            message: 'invalid code (already exists)',
            existingId: null,
            existingIds: null,
          },
        ],
        [
          {
            ...{ code: 'TAKEN', field: 'externalReferences.0', existingId: null, existingIds: null },
            message: 'invalid externalReferences.0 (already exists)',
          },
        ],
      ]);
      expect(answer.results.map(({ customerId }) => customerId)).toEqual([null, null]);
    }
    expect(await customersOf(hub, owner)).toEqual(before);
  });
});

test('onExisting SKIP: who exists is left as it is and told, who does not is made, and a bad row is still told', async () => {
  const owner = await hub.owner();
  const made = await upsert(owner, [row('A', { ...link('w1'), city: 'Roma' })]);
  await outboxOf(hub, owner);
  const answer = await upsert(
    owner,
    [
      row('A', { city: 'Milano' }),
      { ...link('w1'), city: 'X' },
      row('B'),
      row('b', { name: 'Again' }),
      row('A', { email: 'no' }),
    ],
    { onExisting: 'SKIP' },
  );
  expect(actionsOf(answer)).toEqual(['SKIPPED CODE', 'SKIPPED EXTERNAL_REFERENCE', 'CREATE', 'SKIPPED CODE', 'REJECT']);
  expect(answer.counts).toMatchObject({ rows: 5, customers: 1, updated: 0, skipped: 3, rejected: 1 });
  expect(answer.results[0]!.customerId).toBe(made.results[0]!.customerId);
  expect(answer.results[3]!.customerId).toBe(answer.results[2]!.customerId);
  expect(answer.errors).toMatchObject([{ index: 5, errors: ['invalid email'] }]);
  expect(await outboxOf(hub, owner)).toEqual(['B CREATED']);
  expect((await customersOf(hub, owner)).map(({ fields }) => (fields as Row).city)).toEqual(['Roma', null]);
});

test('A17: onExisting REJECT stays as it was: TAKEN, and the first row of a batch wins', async () => {
  const owner = await hub.owner();
  const answer = await upsert(owner, [row('A'), row('a')], { onExisting: 'REJECT' });
  expect(actionsOf(answer)).toEqual(['CREATE', 'REJECT']);
  expect(answer.errors[0]!.details[0]).toMatchObject({
    code: 'DUPLICATE_IN_INPUT',
    message: 'invalid code (already exists)',
  });
});
