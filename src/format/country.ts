import { getAlpha2Codes } from 'i18n-iso-countries/index.js';

/** The canonical form (upper case) of an assigned ISO 3166-1 alpha-2 code given in either case, or null (N6, A63). */
export function canonicalCountry(text: string): string | null {
  const code = asciiLetters.test(text) ? text.toUpperCase() : '';
  return assigned.has(code) ? code : null;
}

// Beyond ASCII, other letters turn into these: ß in upper case is SS, which is South Sudan.
const asciiLetters = /^[A-Za-z]{2}$/;

// XK (Kosovo) is in everyday use and in the library, but ISO has assigned it to nobody.
const assigned = new Set(Object.keys(getAlpha2Codes()).filter((code) => code !== 'XK'));
