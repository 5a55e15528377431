import type { Problem } from '../errors.js';
import type { PartialDate } from '../format/partial-date.js';
import { isAbsent } from '../format/text.js';
import type { CustomerFields, ImportProfile, NameStyle } from './customer-fields.js';
import { Fault } from './field-checks.js';
import { nameOf } from './field-names.js';
import { type FieldRule, fieldRules } from './field-rules.js';
import { invalid, missing } from './messages.js';
import { isObject } from '../format/json-object.js';

/** How a row is read. `partial`: a field that is not given is left as it is, even a compulsory one. */
export interface Reading {
  profile: ImportProfile;
  names: NameStyle;
  partial: boolean;
}

/** The canonical values of a row, by the part of the record that they belong to. */
export type Values = Record<FieldRule['part'], Record<string, unknown>>;

/** The login of a row: whether there is one to judge, and where each of its parts stands. */
export interface Login {
  given: boolean;
  /** Nothing of it is there: where it is compulsory all its parts are missing. */
  absent: boolean;
  partFor(rule: FieldRule): unknown;
}

/**
 * Judges one given value by its rule: adds its canonical form to `values` or says in `problems` what is wrong. Empty
 * text and null count as absent (A21): `missing` where the field is compulsory, else the field is cleared.
 */
export function judge(rule: FieldRule, given: unknown, reading: Reading, values: Values, problems: Problem[]): void {
  if (isAbsent(given)) {
    if (isCompulsory(rule, reading.profile)) {
      const leftAsItIs = reading.partial && given === undefined && rule.part === 'customer';
      if (!leftAsItIs) problems.push(missing(nameOf(rule.graphql, reading.names)));
    } else if (given !== undefined && rule.cleared !== undefined) {
      values[rule.part][rule.key] = rule.cleared;
    }
    return;
  }
  const value = (reading.profile === 'PARTNER' ? rule.partner : rule.standard)(given);
  if (value instanceof Fault) {
    problems.push(invalid(nameOf(rule.graphql, reading.names), value.code, value.validValues));
  } else {
    values[rule.part][rule.key] = value;
  }
}

/**
 * Finds the login of a row: an object of its own in GraphQL, fields beside the others at the door. PARTNER rows need
 * one. In STANDARD it is optional, and one whose parts are all empty is none, since that is what a file with empty
 * columns becomes (A21). `adminUser` that is no object is a problem.
 */
export function loginOf(row: Record<string, unknown>, reading: Reading, problems: Problem[]): Login {
  const compulsory = reading.profile === 'PARTNER';
  if (reading.names === 'netstorming') {
    const partFor = ({ netstorming }: FieldRule) => (netstorming === null ? undefined : row[netstorming]);
    const absent = !fieldRules.some((rule) => rule.part === 'adminUser' && !isAbsent(partFor(rule)));
    return { given: compulsory || !absent, absent, partFor };
  }
  const { adminUser } = row;
  if (isAbsent(adminUser)) return { given: compulsory, absent: true, partFor: () => undefined };
  if (!isObject(adminUser)) {
    problems.push(invalid('adminUser'));
    return { given: false, absent: false, partFor: () => undefined };
  }
  const parts = Object.values(adminUser);
  const allEmpty = parts.length > 0 && parts.every(isAbsent);
  return { given: compulsory || !allEmpty, absent: allEmpty, partFor: ({ key }) => adminUser[key] };
}

/** The customer's columns among the values; a birthday becomes its three. */
export function customerFieldsOf(values: Values): Partial<CustomerFields> {
  if (!('birthDate' in values.customer)) return values.customer;
  const { birthDate, ...fields } = values.customer;
  const { year, month, day } = (birthDate as PartialDate | null) ?? { year: null, month: null, day: null };
  return { ...fields, birthYear: year, birthMonth: month, birthDay: day };
}

function isCompulsory(rule: FieldRule, profile: ImportProfile): boolean {
  return rule.compulsory !== 'NEVER' && (rule.compulsory !== 'PARTNER' || profile === 'PARTNER');
}
