import fc from 'fast-check';
import { shownValue, type Operators, type Row, type Where } from './where-model.js';

const letters = [...'aAbBzZ10%_\\"\' .-+ øØéÅ', 'e\u0301', 'E\u0301', '🙂', 'שלום', '70', '+45', 'Σ', 'ς', 'ı'];
export const word = fc
  .array(fc.constantFrom(...letters), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const phone = fc.constantFrom('70 27 16 99', '70271699', '+45 70 27 16 99', '(70) 27-16', '+390694805123', '112');
const name = word.filter((text) => text.trim() !== '');
const integer = fc.integer({ min: 0, max: 3 });

/** A customer for a bulk insert: few different values, so that they meet, and many fields without one. */
const customer = fc.record(
  {
    name,
    ...{ type: maybe(fc.constantFrom('PERSON', 'COMPANY')), sex: maybe(fc.constantFrom(0, 1, 2, 9)) },
    ...{
      firstName: maybe(name),
      city: maybe(name),
      postalCode: maybe(fc.constantFrom('SW1A 1AA', 'sw1a 1aa', '2100')),
    },
    email: maybe(fc.constantFrom('Anna@X.example', 'anna@x.example', 'a_n@x.example', 'bo%@x.example')),
    ...{ mobile: maybe(phone), telephone: maybe(phone), country: maybe(fc.constantFrom('DK', 'dk', 'IT')) },
    ...{ currency: maybe(fc.constantFrom('EUR', 'dkk')), vatNumber: maybe(fc.constantFrom('13585628', 'abc', 'ABC')) },
    ...{ bookingOnline: maybe(fc.boolean()), creditCard: maybe(fc.boolean()), prepaymentDays: maybe(integer) },
    ...{ markupCarsWeb: maybe(integer), birthDate: maybe(fc.constantFrom('1980-05-17', '0-05-00', '1980-00-00')) },
    ...{ acceptsMarketingEmail: maybe(fc.boolean()), acceptsMarketingSms: maybe(fc.boolean()) },
    tags: maybe(fc.subarray(['VIP', 'Øl', '%'])),
    reference: maybe(fc.constantFrom('1', '2', '6')),
  },
  { noNullPrototype: true },
);

/** The rows of an owner's customers; a code differs from the others in more than case. */
export const customers = fc.array(customer, { minLength: 1, maxLength: 12 }).map((rows) =>
  rows.map(({ reference, ...fields }, i) => ({
    ...fields,
    code: `${i % 2 ? 'Ø' : 'k'}-${i}${i % 3 ? 'ß' : ''}`,
    ...(reference && { externalReferences: [{ system: reference, identifier: `p${i}` }] }),
  })),
);

/** The operators of each field of `CustomerWhereInput`, those that are no filter left out. */
export type Fields = ReadonlyMap<string, readonly string[]>;

/** Trees over all fields, with operands out of the data, out of parts of it, and out of thin air. */
export function trees(rows: Row[], fields: Fields): fc.Arbitrary<Where> {
  const anyOf = (name: string) => rows.map((row) => shownValue(row, name)).filter((value) => value !== null);
  const filter = (name: string, operators: readonly string[]): fc.Arbitrary<Operators> =>
    fc
      .uniqueArray(fc.constantFrom(...operators), { minLength: 1, maxLength: 2 })
      .chain((some) =>
        fc.record(Object.fromEntries(some.map((one) => [one, operand(one, anyOf(name), typeHint(rows, name))]))),
      );
  const criteria = [...fields].map(([name, operators]) => filter(name, operators).map((value) => ({ [name]: value })));
  const leaf = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.array(fc.oneof(...criteria), { maxLength: 2 }).map((parts) => Object.assign({}, ...parts) as Where),
    },
    { weight: 3, arbitrary: fc.oneof(...specials(rows)) },
  );
  const tree = (depth: number): fc.Arbitrary<Where> => {
    if (depth === 0) return leaf;
    const inner = fc.array(tree(depth - 1), { maxLength: 3 });
    const node = fc.oneof(
      inner.map((and) => ({ and })),
      inner.map((or) => ({ or })),
      tree(depth - 1).map((not) => ({ not })),
      fc.tuple(leaf, inner).map(([own, or]) => ({ ...own, or })),
    );
    return fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 3, arbitrary: node });
  };
  return tree(3).filter((where) => countOf(where) <= 50);
}

function operand(operator: string, values: unknown[], hint: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (operator === 'isNull') return fc.boolean();
  const known = values.length > 0 ? fc.oneof(fc.constantFrom(...values).chain(near), hint) : hint;
  return operator === 'in' ? fc.array(known, { maxLength: 3 }) : known;
}

/** A value of the data as it is, or a text in another case, or a piece of it. */
function near(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'string' || /^\d{4}-\d\d-\d\d(T|$)|^-?\d+\.\d\d$|^[A-Z_]{4,}$/.test(value))
    return fc.constant(value);
  const points = [...value];
  return fc.oneof(
    fc.constantFrom(value, value.toLowerCase(), value.toUpperCase(), value.normalize('NFD')),
    fc.nat(points.length).chain((end) => fc.nat(end).map((begin) => points.slice(begin, end).join(''))),
  );
}

/** Values that the data need not have, of the type that the field shows. */
function typeHint(rows: Row[], name: string): fc.Arbitrary<unknown> {
  const closed: Record<string, string[]> = {
    type: ['PERSON', 'COMPANY'],
    sex: ['UNKNOWN', 'MALE', 'FEMALE', 'NOT_APPLICABLE'],
    vatStatus: ['DOMESTIC', 'OUTSIDE_EU'],
    vatNumberCheck: ['VALID', 'INVALID', 'UNCHECKED'],
    taxCodeCheck: ['VALID', 'INVALID', 'UNCHECKED'],
  };
  if (closed[name]) return fc.constantFrom(...closed[name]);
  if (name === 'ordersTotalValue') return fc.constantFrom('0', '7', '10.5', '10.549', '10.55000', '-1');
  if (name === 'ordersLastDate') return fc.constantFrom('2026-01-01', '2026-01-02', '2026-01-03', '0001-01-01');
  if (/Booking$/.test(name)) return fc.constantFrom('2020-05-17T14:00:00.123Z', '2038-05-17T16:00:00+02:00');
  if (/At$/.test(name)) return fc.constantFrom(...rows.map(({ createdAt }) => createdAt), '2001-01-01T00:00:00.000Z');
  if (/^(version|birth|prepayment|markup|ordersTotalCount)/.test(name)) return integer;
  if (/^(bookingOnline|blockedIn|creditCard|forceC|excluded|enabled)/.test(name)) return fc.boolean();
  if (name === 'id') return fc.constantFrom('0', '1', 'x', '', '9'.repeat(30));
  return fc.oneof(word, fc.constant(''));
}

const specials = (rows: Row[]): fc.Arbitrary<Where>[] => [
  fc.boolean().map((acceptsMarketingEmail) => ({ acceptsMarketingEmail })),
  fc.boolean().map((acceptsMarketingSms) => ({ acceptsMarketingSms })),
  fc.constantFrom('vip', 'øL', '%', 'none').map((name) => ({ tag: { name } })),
  fc.constantFrom('0', 'x', ...rows.flatMap(({ tags }) => tags.map(({ id }) => id))).map((id) => ({ tag: { id } })),
  fc
    .record({
      system: fc.constantFrom('1', 'posti', 'WooCommerce', '9'),
      identifier: fc.constantFrom('p0', 'p1', 'P1', 'x'),
    })
    .map((externalReference) => ({ externalReference })),
  fc.constantFrom('1', 'posti', ' woocommerce', '9').map((externalSystem) => ({ externalSystem })),
  fc
    .constantFrom('+4570271699', '70 27 16 99', 'INFO@x.example', 'info@x.example', '')
    .map((contactInfo) => ({ contactInfo })),
];

const countOf = (where: Where): number =>
  Object.entries(where).reduce((count, [name, value]) => {
    if (name === 'and' || name === 'or')
      return count + (value as Where[]).reduce((sum, part) => sum + countOf(part), 0);
    if (name === 'not') return count + countOf(value as Where);
    return count + Math.max(1, Object.keys(value as object).length);
  }, 0);
