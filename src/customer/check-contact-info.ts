import { Fault, text, textAs, type Check } from '../bulk/field-checks.js';
import { invalid, missing } from '../bulk/messages.js';
import { Rejected, problem, type Problem } from '../errors.js';
import { canonicalCountry } from '../format/country.js';
import { isEmailAddress } from '../format/email.js';
import { isPhoneText, toE164 } from '../format/phone.js';
import { isAbsent } from '../format/text.js';
import { ContactInfoPurpose } from './contact-info.entity.js';
import { ContactInfoKind } from './contact-info.entity.js';
import type { ContactInfoInput, PostalAddressInput } from './contact-info.input.js';

/** The columns of a contact info in canonical form. */
export interface ContactInfoFields {
  kind: string;
  purpose: string;
  label: string | null;
  value: string | null;
  valueE164: string | null;
  addressName: string | null;
  addressStreet: string | null;
  addressPostalCode: string | null;
  addressCity: string | null;
  addressRegion: string | null;
  addressCountry: string | null;
}

const email = textAs(100, (given) => (isEmailAddress(given) ? given : null));
const number = textAs(30, (given) => (isPhoneText(given) ? given : null));
const street: Check<string> = (given) => {
  // an address has lines: they are judged one by one and kept
  const lines = typeof given === 'string' ? given.split(/\r?\n/).map((line) => line.trim()) : [];
  const judged = text(150)(lines.join(' '));
  return judged instanceof Fault ? judged : lines.filter(Boolean).join('\n');
};
const addressChecks: [keyof PostalAddressInput, Check<string>][] = [
  ['name', text(100)],
  ['street', street],
  ['postalCode', text(16)],
  ['city', text(100)],
  ['region', text(100)],
  ['country', textAs(2, canonicalCountry)],
];

/**
 * Judges a contact info: a value that suits its kind, or an address for POSTAL_ADDRESS, never both (T7).
 * `country` of the customer, to read a local number by. @throws Rejected with all problems
 */
export function checkContactInfo(input: ContactInfoInput, country: string | null): ContactInfoFields {
  const problems: Problem[] = [];
  const take = (field: string, given: unknown, check: Check<string>): string | null => {
    if (isAbsent(given)) return null;
    const value = check(given);
    if (!(value instanceof Fault)) return value;
    problems.push(invalid(field, value.code));
    return null;
  };
  const postal = input.kind === ContactInfoKind.POSTAL_ADDRESS;
  const label = take('label', input.label, text(100));
  const value = postal ? null : take('value', input.value, input.kind === ContactInfoKind.EMAIL ? email : number);
  const parts = new Map(
    postal ? addressChecks.map(([part, check]) => [part, take(`address.${part}`, input.address?.[part], check)]) : [],
  );
  problems.push(...judgeShape(input, postal));
  if (problems.length > 0) throw new Rejected(problems);
  return {
    kind: input.kind,
    purpose: input.purpose ?? ContactInfoPurpose.GENERAL,
    label,
    value,
    valueE164: value !== null && input.kind !== ContactInfoKind.EMAIL ? toE164(value, country) : null,
    addressName: parts.get('name') ?? null,
    addressStreet: parts.get('street') ?? null,
    addressPostalCode: parts.get('postalCode') ?? null,
    addressCity: parts.get('city') ?? null,
    addressRegion: parts.get('region') ?? null,
    addressCountry: parts.get('country') ?? null,
  };
}

function judgeShape(input: ContactInfoInput, postal: boolean): Problem[] {
  const hasAddress = Object.values(input.address ?? {}).some((part) => !isAbsent(part));
  if (postal) {
    if (!isAbsent(input.value))
      return [problem('INVALID', 'value', 'invalid value (a POSTAL_ADDRESS has an address, no value)')];
    return hasAddress ? [] : [missing('address')];
  }
  const both = input.address ? [problem('INVALID', 'address', 'invalid address (only a POSTAL_ADDRESS has one)')] : [];
  return isAbsent(input.value) ? [missing('value'), ...both] : both;
}
