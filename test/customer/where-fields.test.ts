import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { customerDesk, faults } from './customer-desk.js';
import { codesOf, furnish, rowsOf, search, searchSchema } from './where-desk.js';
import { shownValue } from './where-model.js';

let hub: TestHub;
let schema: Awaited<ReturnType<typeof searchSchema>>;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  schema = await searchSchema();
});
afterAll(() => hub.stop());

test('A46: every field of a customer that is one value can be asked for', () => {
  expect(schema.shown.filter((name) => !schema.operators.has(name))).toEqual([]);
  expect(schema.shown.length).toBeGreaterThan(45);
});

/** Three customers of whom no two fields of a kind show the same, so that a criterion on the wrong column is seen. */
const everything = [
  {
    ...{
      code: 'A',
      type: 'COMPANY',
      enabled: false,
      name: 'Name',
      firstName: 'First',
      lastName: 'Last',
      corporateName: 'Corporate',
    },
    ...{ sex: 'FEMALE', birthDate: { year: 1980, month: 5, day: 17 }, email: 'e@x.example', address: 'Way 1' },
    ...{ mobile: '70 27 16 99', telephone: '70 27 16 98', fax: '70 27 16 97', postalCode: '2100', city: 'Oslo' },
    ...{ country: 'DK', language: 'da', currency: 'EUR', vatNumber: '13585628', taxCode: '1', vatStatus: 'EU_GOODS' },
    ...{ bookingOnline: true, blockedInDeadline: true, creditCard: true, forceContextualPayment: false },
    ...{ customerHomepage: 'HOME', paymentDate: 'topay', prepaymentDays: 1, markupHotelsWeb: 2, markupCarsWeb: 3 },
    ...{ markupTransfersWeb: 4, markupToursWeb: 6, markupGenericServicesWeb: 7, sdiCode: 'KRRH6B9' },
    ...{
      accountingCode: 'Acc',
      accountingEmail: 'a@x.example',
      certifiedEmail: 'c@pec.example',
      emergencyNumber: '112',
    },
  },
  {
    ...{ code: 'B', name: 'Other', sex: 'MALE', vatNumber: 'other', taxCode: 'other', country: 'DK' },
    ...{ bookingOnline: true, blockedInDeadline: false, creditCard: false, forceContextualPayment: true },
  },
  {
    ...{ code: 'C', name: 'Third', vatStatus: 'OUTSIDE_EU', enabled: false },
    ...{ bookingOnline: false, blockedInDeadline: true, creditCard: false, forceContextualPayment: true },
  },
];

test('A46: each criterion reads the field of its name, by each operator that it has', async () => {
  const { owner, create, update } = await customerDesk(hub);
  for (const input of everything) expect(faults(await create(input))).toEqual([]);
  await furnish(owner, ['A', 'B', 'C']);
  expect(faults(await update({ code: 'A' }, { city: 'Bergen' }))).toEqual([]);
  const rows = await rowsOf(owner, schema.shown);
  const signatures = new Map<string, string>();
  for (const [field, operators] of schema.operators) {
    const values = rows.map((row) => shownValue(row, field));
    // a field that all customers have alike would say nothing about its column
    if (field !== 'excluded') expect(new Set(values).size, field).toBeGreaterThan(1);
    const signature = JSON.stringify([schema.types.get(field), values]);
    expect(signatures.get(signature), `${field} shows what another field shows`).toBeUndefined();
    signatures.set(signature, field);
    for (const value of values.filter((one) => one !== null)) {
      const same = rows.filter((_, i) => values[i] === value).map(({ code }) => code);
      const others = rows.filter((_, i) => values[i] !== value && values[i] !== null).map(({ code }) => code);
      const found = async (filter: object) => codesOf(await search(owner, { first: 9, where: { [field]: filter } }));
      const allOfThem = {
        eq: value,
        in: [value],
        contains: value,
        startsWith: value,
        gte: value,
        lte: value,
        isNull: false,
      };
      const known = Object.entries(allOfThem).filter(([operator]) => operators.includes(operator));
      expect(await found(Object.fromEntries(known)), field).toEqual(same);
      expect(await found({ ne: value }), field).toEqual(others);
    }
    if (operators.includes('isNull')) {
      const missing = rows.filter((_, i) => values[i] === null).map(({ code }) => code);
      const page = await search(owner, { first: 9, where: { [field]: { isNull: true } } });
      expect(codesOf(page), field).toEqual(missing);
    }
  }
});
