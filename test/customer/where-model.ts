import { toE164 } from '../../src/format/phone.js';
import { caselessKey } from '../../src/format/caseless.js';

/** Everything about a customer that can be asked for, as the API shows it. */
export interface Row extends Record<string, unknown> {
  code: string;
  birthDate: { year: number | null; month: number | null; day: number | null } | null;
  tags: { id: string; name: string }[];
  externalReferences: { identifier: string; system: { code: string; number: string | null } }[];
  contactInfos: { value: string | null; valueE164: string | null }[];
  consents: { channel: string; accepted: boolean }[];
}

/** A tree of criteria as a client writes it. */
export type Where = Record<string, unknown>;
export type Operators = Record<string, unknown>;
type Pair = { system: string; identifier: string };
type TagName = { id?: string; name?: string };

/** What the documentation says a tree means, in plain TypeScript; `types` has the input type of each field. */
export function holds(where: Where, row: Row, types: ReadonlyMap<string, string>): boolean {
  return Object.entries(where).every(([name, value]) => {
    if (name === 'and') return (value as Where[]).every((part) => holds(part, row, types));
    if (name === 'or') return (value as Where[]).some((part) => holds(part, row, types));
    if (name === 'not') return !holds(value as Where, row, types);
    const special = specials[name];
    if (special) return special(value, row);
    const shown = shownValue(row, name);
    const compare = comparing(name, types.get(name)!);
    return Object.entries(value as Operators).every(([operator, operand]) => compare(operator, operand, shown, row));
  });
}

/** The value of a field as shown. */
export function shownValue(row: Row, name: string): unknown {
  const part = /^birth(Year|Month|Day)$/.exec(name)?.[1]?.toLowerCase() as 'year' | 'month' | 'day' | undefined;
  return part ? (row.birthDate?.[part] ?? null) : row[name];
}

const specials: Record<string, (value: unknown, row: Row) => boolean> = {
  externalReference: (value, row) =>
    row.externalReferences.some(
      ({ identifier, system }) =>
        identifier === (value as Pair).identifier &&
        [system.code, system.number].includes((value as Pair).system.toUpperCase()),
    ),
  externalSystem: (value, row) =>
    row.externalReferences.some(({ system }) =>
      [system.code, system.number].includes((value as string).trim().toUpperCase()),
    ),
  tag: (value, row) =>
    row.tags.some(({ id, name }) => {
      const wanted = value as TagName;
      return wanted.name === undefined ? id === wanted.id : caselessKey(name) === caselessKey(wanted.name);
    }),
  contactInfo: (value, row) =>
    row.contactInfos.some((info) => info.value !== null && isPhone('eq', value, info.value, info.valueE164)),
  acceptsMarketingEmail: (value, row) => accepts(row, 'EMAIL') === value,
  acceptsMarketingSms: (value, row) => accepts(row, 'SMS') === value,
};

const accepts = (row: Row, channel: string): boolean =>
  row.consents.find((consent) => consent.channel === channel)?.accepted ?? false;

type Compare = (operator: string, operand: unknown, shown: unknown, row: Row) => boolean;

function comparing(name: string, type: string): Compare {
  const key = keys[name === 'code' ? 'Code' : type] ?? ((value: unknown) => value as string | number);
  return (operator, operand, shown, row) => {
    if (operator === 'isNull') return (shown === null) === operand;
    if (shown === null) return false;
    const e164 = row[`${name}E164`];
    if (e164 !== undefined && ['eq', 'ne', 'in', 'contains', 'startsWith'].includes(operator))
      return isPhone(operator, operand, shown as string, e164 as string | null);
    if (operator === 'contains') return fold(shown as string).includes(fold(operand as string));
    if (operator === 'startsWith') return fold(shown as string).startsWith(fold(operand as string));
    if (operator === 'in') return (operand as unknown[]).some((one) => order(key(shown), key(one)) === 0);
    return verdicts[operator]!(order(key(shown), key(operand)));
  };
}

/** A number as given, or its E.164 form. */
function isPhone(operator: string, operand: unknown, shown: string, e164: string | null): boolean {
  if (operator === 'ne') return !isPhone('eq', operand, shown, e164);
  if (operator === 'in') return (operand as string[]).some((one) => isPhone('eq', one, shown, e164));
  const text = operand as string;
  if (operator === 'eq') return fold(shown) === fold(text) || (e164 !== null && e164 === toE164(text, null));
  const digits = text.replace(/[ ()-]/g, '');
  const part = /^\+?\d+$/.test(digits) ? digits : null;
  if (operator === 'contains') return fold(shown).includes(fold(text)) || (part !== null && !!e164?.includes(part));
  return fold(shown).startsWith(fold(text)) || (part !== null && !!e164?.startsWith(part.replace(/^00/, '+')));
}

const fold = (text: string): string => text.normalize('NFC').toUpperCase().toLowerCase();

const keys: Record<string, (value: unknown) => string | number> = {
  Code: (value) => caselessKey(value as string),
  TextFilterInput: (value) => fold(value as string),
  DateTimeFilterInput: (value) => Date.parse(value as string),
  BooleanFilterInput: Number,
  DecimalFilterInput: Number,
};

const verdicts: Record<string, (order: number) => boolean> = {
  eq: (n) => n === 0,
  ne: (n) => n !== 0,
  gt: (n) => n > 0,
  gte: (n) => n >= 0,
  lt: (n) => n < 0,
  lte: (n) => n <= 0,
};

/** Texts by their code points, which is the order of their UTF-8. */
function order(a: string | number, b: string | number): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a > b) - Number(a < b);
}
