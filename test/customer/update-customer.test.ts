import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { customerDesk, faults } from './customer-desk.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const filled = {
  code: 'A',
  name: 'Ann Bo',
  email: 'ann@x.example',
  city: 'Oslo',
  sex: 'FEMALE',
  birthDate: { year: 1980, month: 5, day: 17 },
  creditCard: false,
  prepaymentDays: 0,
  markupCarsWeb: 7,
  paymentDate: 'topay',
};
const fields = 'name email city sex birthDate { year month day } creditCard prepaymentDays markupCarsWeb paymentDate';

async function desk(input: object = filled) {
  const opened = await customerDesk(hub);
  await opened.create(input);
  await opened.events();
  return opened;
}

describe('undefined and null', () => {
  test('T8: what is left out stays, in one event', async () => {
    const { update, events } = await desk();
    const { customer } = await update({ code: 'a' }, { city: 'Bergen' }, null, fields);
    expect(customer).toMatchObject({ ...filled, city: 'Bergen', version: 2 });
    expect(await events()).toEqual(['A UPDATED']);
  });

  test('null clears, and what cannot be empty has its default', async () => {
    const { update, events } = await desk();
    const cleared = {
      email: null,
      city: null,
      birthDate: null,
      creditCard: null,
      prepaymentDays: null,
      markupCarsWeb: null,
    };
    const { customer } = await update({ code: 'A' }, { ...cleared, paymentDate: null, sex: null }, null, fields);
    expect(customer).toMatchObject({ ...cleared, paymentDate: null, sex: 'UNKNOWN', name: 'Ann Bo', version: 2 });
    expect(await events()).toEqual(['A UPDATED']);
  });

  test('zero and false are values, and blank text clears (A21)', async () => {
    const { update } = await desk();
    const { customer } = await update({ code: 'A' }, { prepaymentDays: 0, creditCard: false, city: ' ' }, null, fields);
    expect(customer).toMatchObject({ prepaymentDays: 0, creditCard: false, city: null });
  });

  test('code and name cannot be cleared', async () => {
    const { update, events, find } = await desk();
    const answer = await update({ code: 'A' }, { code: null, name: '', city: 'Bergen' });
    expect(faults(answer)).toEqual(['REQUIRED code', 'REQUIRED name']);
    expect(await find({ code: 'A' }, fields)).toMatchObject(filled);
    expect(await events()).toEqual([]);
  });

  test('a part of a birthday that is left out is not known: the date is one value', async () => {
    const { update } = await desk();
    const { customer } = await update({ code: 'A' }, { birthDate: { month: 12 } }, null, fields);
    expect(customer!.birthDate).toEqual({ year: null, month: 12, day: null });
  });
});

describe('versions', () => {
  test('a wrong expectedVersion is VERSION_CONFLICT with the current one, and nothing is written', async () => {
    const { update, events, find } = await desk();
    await update({ code: 'A' }, { city: 'Bergen' }, 1);
    await events();
    for (const wrong of [1, 3, 0, -1]) {
      const answer = await update({ code: 'A' }, { city: 'Moss' }, wrong);
      expect(answer.customer).toBeNull();
      expect(faults(answer)).toEqual(['VERSION_CONFLICT expectedVersion']);
      expect(answer.userErrors[0]!.message).toContain('the current version is 2');
    }
    expect(await find({ code: 'A' }, 'city')).toMatchObject({ city: 'Bergen', version: 2 });
    expect(await events()).toEqual([]);
  });

  test('of writers at once with the same expectedVersion exactly one writes', async () => {
    const { update, events } = await desk();
    const cities = ['A', 'B', 'C', 'D', 'E'];
    const answers = await Promise.all(cities.map((city) => update({ code: 'A' }, { city }, 1)));
    expect(answers.filter(({ customer }) => customer !== null)).toHaveLength(1);
    expect(answers.flatMap(faults)).toEqual(Array<string>(4).fill('VERSION_CONFLICT expectedVersion'));
    expect(await events()).toEqual(['A UPDATED']);
  });

  test('a write that changes nothing raises no version and is no event', async () => {
    const { update, events } = await desk();
    const same = [{}, filled, { name: ' Ann Bo ' }, { taxCode: null }, { type: null }, { externalReferences: [] }];
    for (const input of same) expect((await update({ code: 'A' }, input, 1)).customer).toMatchObject({ version: 1 });
    expect(await events()).toEqual([]);
  });

  test('T12: fields, a link and a consent in one call are one version and one event', async () => {
    const { update, events } = await desk();
    const links = [{ system: '6', identifier: 'w' }];
    const input = { city: 'Bergen', externalReferences: links, acceptsMarketingEmail: true, vatStatus: 'OUTSIDE_EU' };
    const { customer } = await update({ code: 'A' }, input, 1, 'snapshot { version acceptsMarketingEmail }');
    expect(customer).toMatchObject({ version: 2, snapshot: { version: 2, acceptsMarketingEmail: true } });
    expect(await events()).toEqual(['A UPDATED,CONSENT']);
    expect((await update({ code: 'A' }, input, 2)).customer).toMatchObject({ version: 2 });
    expect(await events()).toEqual([]);
  });

  test('what one part of a call is refused for undoes the other parts', async () => {
    const { update, create, events, find } = await desk();
    await create({ code: 'B', name: 'B', externalReferences: [{ system: '6', identifier: 'b' }] });
    await events();
    const answer = await update(
      { code: 'A' },
      { city: 'Moss', externalReferences: [{ system: '6', identifier: 'b' }] },
    );
    expect(faults(answer)).toEqual(['TAKEN externalReferences.0']);
    expect(await find({ code: 'A' }, 'city')).toMatchObject({ city: 'Oslo', version: 1 });
    expect(await events()).toEqual([]);
  });
});

describe('the customer number', () => {
  test('it can change, also in case alone, but not to one that is taken', async () => {
    const { update, create, find } = await desk();
    const { customer } = await create({ code: 'B', name: 'B' });
    expect((await update({ code: 'A' }, { code: 'a' })).customer).toMatchObject({ code: 'a', version: 2 });
    const taken = await update({ code: 'A' }, { code: 'b' });
    expect(taken.userErrors).toMatchObject([{ code: 'TAKEN', field: 'code', existingId: customer!.id }]);
    expect((await update({ code: 'A' }, { code: 'NEW' })).customer).toMatchObject({ code: 'NEW', version: 3 });
    expect(await find({ code: 'A' })).toBeNull();
  });

  test('of customers that take one at once exactly one gets it', async () => {
    const { update, create } = await desk();
    const codes = ['B', 'C', 'D', 'E'];
    for (const code of codes) await create({ code, name: code });
    const answers = await Promise.all(codes.map((code) => update({ code }, { code: 'WANTED' })));
    const [winner, ...more] = answers.filter(({ customer }) => customer !== null);
    expect(more).toEqual([]);
    for (const { userErrors } of answers.filter((answer) => answer !== winner))
      expect(userErrors).toMatchObject([{ code: 'TAKEN', existingId: winner!.customer!.id }]);
  });
});

describe('what follows from other fields', () => {
  const numbers = { telephone: '70271699', mobile: '+39 333 1234567', vatNumber: '13748136' };
  const derived = 'telephone telephoneE164 mobileE164 vatNumberCheck country';

  test('A19, A24: another country reads the stored numbers anew', async () => {
    const { update } = await desk({ code: 'A', name: 'A', ...numbers });
    const steps = [
      [{ country: 'DK' }, { telephoneE164: '+4570271699', vatNumberCheck: 'VALID' }],
      [{ country: 'it' }, { vatNumberCheck: 'INVALID' }],
      [{ country: null }, { telephoneE164: null, vatNumberCheck: 'UNCHECKED', country: null }],
    ] as const;
    for (const [input, expected] of steps) {
      const { customer } = await update({ code: 'A' }, input, null, derived);
      expect(customer).toMatchObject({ ...expected, telephone: '70271699', mobileE164: '+393331234567' });
    }
  });

  test('A19: a new number is read by the stored country, and a cleared one has no E.164', async () => {
    const { update } = await desk({ code: 'A', name: 'A', country: 'DK', mobile: '20123456' });
    const { customer } = await update({ code: 'A' }, { telephone: '70271699', mobile: null }, null, derived);
    expect(customer).toMatchObject({ telephoneE164: '+4570271699', mobileE164: null });
  });

  test('A45: type and VAT status must suit each other, whichever of them changes', async () => {
    const { update } = await desk({ code: 'A', name: 'A', type: 'COMPANY', vatStatus: 'EU_GOODS' });
    expect(faults(await update({ code: 'A' }, { type: 'PERSON' }))).toEqual(['INVALID vatStatus']);
    const { customer } = await update({ code: 'A' }, { type: 'PERSON', vatStatus: null }, null, 'type vatStatus');
    expect(customer).toMatchObject({ type: 'PERSON', vatStatus: 'DOMESTIC' });
    expect(faults(await update({ code: 'A' }, { vatStatus: 'EU_GOODS' }))).toEqual(['INVALID vatStatus']);
  });

  test('A40: two identifiers for one system are a mistake, by whatever name it goes', async () => {
    const { update, events } = await desk();
    const externalReferences = [
      { system: '6', identifier: 'a' },
      { system: 'WooCommerce', identifier: 'b' },
    ];
    expect(faults(await update({ code: 'A' }, { externalReferences }))).toEqual([
      'DUPLICATE_IN_INPUT externalReferences',
    ]);
    expect(await events()).toEqual([]);
  });
});
