import fc from 'fast-check';
import { graphqlRow, type Row } from './rows.js';

/** Values for every field of a row: good ones, ones that break its rule, empty ones. */
const values: Record<string, unknown[]> = {
  name: ['Anna', 'Bo', '', 'x'.repeat(101), {}, null],
  type: ['PERSON', 'COMPANY', 'ROBOT', null],
  firstName: ['Anna', null, 'x'.repeat(101)],
  lastName: ['Holm', ''],
  sex: [1, 'female', 3, null],
  birthDate: ['0000-05-17', { year: 1990 }, '2023-02-29', null],
  address: ['Via Roma 1', 'x'.repeat(151), null],
  postalCode: ['8000', '1'.repeat(17), ''],
  country: ['DK', 'it', 'UK', null],
  city: ['ROM', 'Aarhus', 'x'.repeat(101), null],
  email: ['a@x.example', 'no', null],
  language: ['da', 'xx', null],
  telephone: ['0694805123', '+39 06', 6, null],
  fax: ['20304050', '06x'],
  currency: ['eur', 'ZZZ', null],
  bookingOnline: ['yes', 'maybe', null],
  blockedInDeadline: ['no', 2],
  creditCard: [true, [], null],
  adminUser: [
    null,
    {},
    'x',
    { name: 'A', email: 'a@x.example', login: 'abc', password: 'secret1' },
    { name: 'B', email: 'b@x.example', login: 'ABC', password: 'secret2' },
    { name: 'C', email: 'c@x.example', login: 'xyz', password: 'secret3' },
    { name: 'D', email: '', login: 'xyz', password: 'short' },
  ],
  vatNumber: ['13748136', '12345678', 'x'.repeat(31), null],
  vatStatus: ['EU_GOODS', 'OUTSIDE_EU', 1, 9, null],
  corporateName: ['Ltd', '', 'x'.repeat(101)],
  accountingEmail: ['a@x.example', 'a@b', null],
  taxCode: ['RSSMRA85T10A562S', 'x'.repeat(101), null],
  markupHotelsWeb: [1, '2', 1.5, null],
  markupCarsWeb: [7],
  markupTransfersWeb: [-3, 2_147_483_648],
  markupToursWeb: [0, 'x'],
  markupGenericServicesWeb: [null],
  sdiCode: ['krrh6b9', 'KRRH6B', null],
  accountingCode: ['ACC', 'x'.repeat(21)],
  mobile: ['20304050', '070 1', 'call me', null],
  certifiedEmail: ['a@pec.example', 'a@b'],
  forceContextualPayment: [false, 'perhaps'],
  customerHomepage: ['home', 'AWAY', null],
  emergencyNumber: ['112', '11x'],
  paymentDate: ['TOPAY', 'later', null],
  prepaymentDays: [0, '30', 31, null],
  enabled: [true, 'no', 'often', null],
  tags: [['VIP'], ['vip', 'New'], [''], ['x'.repeat(51)], 'single', 5, null],
  acceptsMarketingEmail: [true, false, 'often', null],
  acceptsMarketingSms: ['y', 'n', {}],
};

/** The fields above, for a test to see that none is forgotten. */
export const randomFields = [...Object.keys(values), 'code', 'externalReferences'];
export const allFields = [...new Set([...Object.keys(graphqlRow), ...randomFields])];

const codes = ['A', 'a', 'B', 'C', 'D', 'E', 'F'];
const rowOf = (parts: { code: fc.Arbitrary<unknown>; links: fc.Arbitrary<unknown>; fields: fc.Arbitrary<Row> }) =>
  fc
    .record({ ...parts, withCode: fc.nat(5), withLinks: fc.nat(2), withName: fc.nat(5) })
    .map(({ code, links, fields, withCode, withLinks, withName }): Row => ({
      ...(withName > 0 ? { name: 'Anna Holm' } : {}),
      ...fields,
      ...(withCode > 0 ? { code } : {}),
      ...(withLinks > 1 ? { externalReferences: links } : {}),
    }));
const fieldsFrom = (choose: (name: string) => fc.Arbitrary<unknown>) =>
  fc
    .array(
      fc.constantFrom(...Object.keys(values)).chain((name) => choose(name).map((value): Row => ({ [name]: value }))),
      { maxLength: 3 },
    )
    .map((list): Row => Object.assign({}, ...list) as Row);

const goodReference = fc.record({
  system: fc.constantFrom('6', 'woocommerce', 'POSTI'),
  identifier: fc.constantFrom('a', 'b', 'c', 'd'),
});
const anyReference = fc.record({
  system: fc.constantFrom('6', 'POSTI', 'NOPE', null),
  identifier: fc.constantFrom('a', 'b', '', null),
});
const goodRow = rowOf({
  code: fc.constantFrom(...codes),
  links: fc.oneof({ weight: 5, arbitrary: fc.array(goodReference, { maxLength: 2 }) }, fc.constant(null)),
  fields: fieldsFrom((name) => fc.constant(values[name]![0])),
});
const anyRow = rowOf({
  code: fc.constantFrom(...codes, '', 7, 'x'.repeat(65)),
  links: fc.oneof(fc.array(anyReference, { maxLength: 2 }), fc.constantFrom(5, [null])),
  fields: fieldsFrom((name) => fc.constantFrom(...values[name]!)),
});

/** A row of few keys, so that rows meet each other; most have nothing wrong by themselves. */
export const randomRow = fc.oneof({ weight: 3, arbitrary: goodRow }, { weight: 1, arbitrary: anyRow });

const by = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('A', 'B', 'C', 'D', 'none').map((key): unknown => ({ code: key })) },
  { weight: 2, arbitrary: fc.record({ external: goodReference }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>({}, null, { id: '999999999' }, { id: 'x' }, { code: 'A', id: '1' }),
  },
);

export const randomUpdate = fc
  .tuple(by, fc.constantFrom(undefined, undefined, undefined, 1, 2, 'x'), randomRow)
  .map(([target, expectedVersion, { name: _, ...given }]): Row => {
    return { by: target, ...(expectedVersion === undefined ? {} : { expectedVersion }), fields: given };
  });
