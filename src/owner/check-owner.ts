import { Fault, alphanumeric, text, textAs, upperCase, type Check } from '../bulk/field-checks.js';
import { invalid, missing } from '../bulk/messages.js';
import { Rejected, type Problem } from '../errors.js';
import { canonicalCurrency } from '../format/currency.js';
import { canonicalLanguage } from '../format/language.js';
import { isAbsent } from '../format/text.js';
import type { Owner } from './owner.entity.js';
import type { OwnerInput } from './owner.input.js';

export type OwnerFields = Partial<
  Pick<
    Owner,
    | 'name'
    | 'timeZone'
    | 'currency'
    | 'language'
    | 'enabledVatStatuses'
    | 'knownCities'
    | 'notifyLanguages'
    | 'notifyNewBookings'
    | 'guestFeedsActive'
  >
> & { code: string };

/** The settings that were given, in canonical form. @throws Rejected with all problems */
export function checkOwner(input: OwnerInput): OwnerFields {
  const problems: Problem[] = [];
  const take = (field: keyof OwnerInput, check: Check<string>): string | undefined => {
    const given = input[field];
    if (isAbsent(given)) return undefined;
    const value = check(given);
    if (!(value instanceof Fault)) return value;
    problems.push(invalid(field, value.code));
    return undefined;
  };
  const takeList = (field: 'knownCities' | 'notifyLanguages', check: Check<string>): string[] | null | undefined => {
    const given = input[field];
    if (!given?.length) return given === undefined ? undefined : null;
    const judged = given.map((entry) => check(entry));
    problems.push(
      ...judged.flatMap((value, i) => (value instanceof Fault ? [invalid(`${field}.${i}`, value.code)] : [])),
    );
    return [...new Set(judged.filter((value) => typeof value === 'string'))].sort();
  };
  if (isAbsent(input.code)) problems.push(missing('code'));
  const fields = {
    code: take('code', alphanumeric(3, 12)) ?? '',
    name: take('name', text(100)),
    timeZone: take('timeZone', textAs(64, canonicalTimeZone)),
    currency: take('currency', textAs(3, canonicalCurrency)),
    language: take('language', textAs(2, canonicalLanguage)),
    enabledVatStatuses: input.enabledVatStatuses ? [...new Set(input.enabledVatStatuses)] : undefined,
    knownCities: takeList('knownCities', upperCase(alphanumeric(3, 4))),
    notifyLanguages: takeList('notifyLanguages', textAs(2, canonicalLanguage)),
    notifyNewBookings: input.notifyNewBookings ?? undefined,
    guestFeedsActive: input.guestFeedsActive ?? undefined,
  };
  if (problems.length > 0) throw new Rejected(problems);
  return fields;
}

/** An IANA name; offsets such as "+02:00" are none, for they know no daylight saving. */
function canonicalTimeZone(name: string): string | null {
  try {
    return /^[A-Za-z]/.test(name) ? new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone : null;
  } catch {
    return null;
  }
}
