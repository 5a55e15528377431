import { describe, expect, test } from 'vitest';
import { canonicalCountry } from '../../src/format/country.js';
import { canonicalCurrency, currencies } from '../../src/format/currency.js';
import { canonicalLanguage, languages } from '../../src/format/language.js';

describe('country codes', () => {
  test('N6: the assigned codes of ISO 3166-1', () => {
    for (const code of ['IT', 'DK', 'FI', 'DE', 'GB', 'GR', 'AX']) expect(canonicalCountry(code)).toBe(code);
    for (const code of ['UK', 'EL', 'XK', 'EU', 'ZZ', 'I', 'ITA', '', 'ß', 'ﬁ', 'ıt'])
      expect(canonicalCountry(code)).toBeNull();
    let assigned = 0;
    for (let i = 0; i < 26 * 26; i += 1) {
      if (canonicalCountry(String.fromCharCode(65 + Math.floor(i / 26), 65 + (i % 26)))) assigned += 1;
    }
    expect(assigned).toBe(249);
  });

  test('A63: either case, stored upper', () => expect(canonicalCountry('it')).toBe('IT'));
});

describe('currency codes', () => {
  test('N12: the current codes of ISO 4217', () => {
    for (const code of ['EUR', 'DKK', 'XCG', 'ZWG']) expect(canonicalCurrency(code)).toBe(code);
    for (const code of ['ZZZ', 'BGN', 'HRK', 'ANG', 'ITL', 'EU', 'EURO', '', 'ßP'])
      expect(canonicalCurrency(code)).toBeNull();
  });

  test('A63: either case, stored upper', () => expect(canonicalCurrency('dkk')).toBe('DKK'));

  test('the own table has no typing error: Intl has a name for each code, and none stands twice', () => {
    const names = new Intl.DisplayNames('en', { type: 'currency', fallback: 'none' });
    const younger = ['XAD']; // than the CLDR of Node 20
    expect(currencies.filter((code) => names.of(code) === undefined && !younger.includes(code))).toEqual([]);
    expect(new Set(currencies).size).toBe(currencies.length);
  });
});

describe('language codes', () => {
  test('N9: ISO 639-1', () => {
    for (const code of ['da', 'de', 'fi', 'it', 'en']) expect(canonicalLanguage(code)).toBe(code);
    for (const code of ['xx', 'eng', 'e', '', 'sh', 'it-IT', '\u212ak']) expect(canonicalLanguage(code)).toBeNull();
  });

  test('A26: either case, stored lower', () => expect(canonicalLanguage('DA')).toBe('da'));

  test('the own table has the 183 codes, each of them with a name in Intl', () => {
    const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
    expect(languages.filter((code) => names.of(code) === undefined)).toEqual([]);
    expect(new Set(languages).size).toBe(183);
  });
});
