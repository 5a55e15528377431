import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Whether text is a telephone number as people write it: digits, spaces and `+ - ( )`, with at least one digit. */
export function isPhoneText(text: string): boolean {
  return /^[0-9 +\-()]+$/.test(text) && /[0-9]/.test(text);
}

/**
 * The E.164 form (`+390694805123`, Italy's leading zero kept) of a telephone number, or null where it cannot be known:
 * a local number without a country, or a length that the country's numbering plan does not have. Ranges not yet
 * assigned pass, because the plans change faster than any copy of them.
 *
 * @param country ISO 3166-1 alpha-2, upper case, of the customer; null if unknown.
 */
export function toE164(text: string, country: string | null): string | null {
  const plan = country !== null && isSupportedCountry(country) ? country : null;
  const international = plan === null ? text.replace(/^00/, '+') : text;
  // A parse costs 8 µs; without a country, a local number has no E.164 form anyway.
  if (plan === null && !international.startsWith('+')) return null;
  const number = parsePhoneNumberFromString(international, { ...(plan && { defaultCountry: plan }), extract: false });
  return number?.isPossible() ? number.number : null;
}
