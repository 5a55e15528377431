import { describe, expect, test } from 'vitest';
import { isCodiceFiscale } from '../../src/format/codice-fiscale.js';
import { isPartitaIva } from '../../src/format/partita-iva.js';
import { checkTaxCode } from '../../src/format/tax-code.js';
import { byLibrary } from '../../src/format/tax-id.js';
import { checkVatNumber } from '../../src/format/vat-number.js';

describe('partita IVA and codice fiscale', () => {
  test('partita IVA: Luhn over 11 digits, all zeros refused', () => {
    for (const number of ['86334519757', '02342520158', '00743110157']) expect(isPartitaIva(number)).toBe(true);
    for (const number of ['86334519758', '12345678901', '00000000000', '0234252015', '0234252015A']) {
      expect(isPartitaIva(number)).toBe(false);
    }
  });

  test('codice fiscale: check character, omocodia, 11 digits of legal persons', () => {
    for (const code of ['RSSMRA79B11C566R', 'RSSMRA85T10A562S', '00743110157'])
      expect(isCodiceFiscale(code)).toBe(true);
    for (const code of ['RSSMRA85T10A56NH', 'BNZVCN32S10E57PV', 'ABCDEF12B23P43NE'])
      expect(isCodiceFiscale(code)).toBe(true);
    for (const code of ['RSSMRA85T10A562T', 'RSSMRA85T10A56NS', '12345678901', ''])
      expect(isCodiceFiscale(code)).toBe(false);
  });

  test('codice fiscale: the day is 1-31 for men and 41-71 for women, whatever the check character says', () => {
    const withDay = (day: string) => {
      const front = `RSSMRA85T${day}A562`;
      return [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].some((check) => isCodiceFiscale(front + check));
    };
    for (const day of ['01', '31', '41', '71', 'L1']) expect([day, withDay(day)]).toEqual([day, true]);
    for (const day of ['00', '32', '40', '72', 'LL']) expect([day, withDay(day)]).toEqual([day, false]);
  });
});

describe('A24: VAT numbers are judged by country', () => {
  const vectors: Record<string, { valid: string[]; invalid: string[] }> = {
    IT: { valid: ['86334519757', '02342520158', '00743110157'], invalid: ['86334519758', '12345678901'] },
    DK: { valid: ['13748136', '13585628'], invalid: ['12345678', '35254119'] },
    FI: { valid: ['13669598', '20774740', '2077474-0'], invalid: ['20774741'] },
    DE: { valid: ['136695976', '129273398'], invalid: ['136695978', '123456789'] },
    GR: { valid: ['094259216'], invalid: ['094259217'] },
    GB: { valid: ['980780684'], invalid: ['980780685'] },
    NO: { valid: ['995525828', 'NO 995 525 828 MVA'], invalid: ['995525829'] },
    FR: { valid: ['40303265045', 'K7399859412'], invalid: ['84323140391'] },
  };
  for (const [country, { valid, invalid }] of Object.entries(vectors)) {
    test(`${country}: section 4's vectors and their like`, () => {
      for (const number of valid) expect([number, checkVatNumber(number, country)]).toEqual([number, 'VALID']);
      for (const number of invalid) expect([number, checkVatNumber(number, country)]).toEqual([number, 'INVALID']);
    });
  }

  test('a prefix decides where the country is another one or unknown; EL is Greece, XI Northern Ireland', () => {
    expect(checkVatNumber('IT 02342520158', null)).toBe('VALID');
    expect(checkVatNumber('DE136695976', 'IT')).toBe('VALID');
    expect(checkVatNumber('DE136695978', 'IT')).toBe('INVALID');
    expect(checkVatNumber('EL094259216', 'GR')).toBe('VALID');
    expect(checkVatNumber('XI980780684', 'GB')).toBe('VALID');
    expect(checkVatNumber('dk 13 58 56 28', 'US')).toBe('VALID');
  });

  test('nobody to ask: unchecked', () => {
    expect(checkVatNumber('02342520158', null)).toBe('UNCHECKED');
    expect(checkVatNumber('12-3456789', 'US')).toBe('UNCHECKED');
  });

  test('malformed numbers are invalid in every country and never throw', () => {
    const prefixes = [
      'AT',
      'BE',
      'BG',
      'CY',
      'CZ',
      'DE',
      'DK',
      'EE',
      'EL',
      'ES',
      'FI',
      'FR',
      'GB',
      'HR',
      'HU',
      'IE',
      'IT',
    ];
    for (const prefix of [
      ...prefixes,
      'LT',
      'LU',
      'LV',
      'MT',
      'NL',
      'NO',
      'PL',
      'PT',
      'RO',
      'SE',
      'SI',
      'SK',
      'XI',
      'CH',
    ]) {
      for (const rest of ['', '-', '*+', 'Ø', 'X'.repeat(28)])
        expect(checkVatNumber(prefix + rest, null)).toBe('INVALID');
    }
  });

  test('a validator that the library does not have is noticed when the table is built', () => {
    expect(() => byLibrary(undefined)).toThrow('no such validator');
  });
});

describe('A24: tax codes are judged by country', () => {
  test('IT: either case; a wrong check character is told, not refused', () => {
    expect(checkTaxCode('rssmra85t10a562s', 'IT')).toBe('VALID');
    expect(checkTaxCode('RSSMRA85T10A562T', 'IT')).toBe('INVALID');
    expect(checkTaxCode('00743110157', 'IT')).toBe('VALID');
  });

  test('DE, DK, FI: the numbers of persons and companies', () => {
    expect(checkTaxCode('36 574 261 809', 'DE')).toBe('VALID');
    expect(checkTaxCode('211062-5629', 'DK')).toBe('VALID');
    expect(checkTaxCode('13585628', 'DK')).toBe('VALID');
    expect(checkTaxCode('131052-308T', 'FI')).toBe('VALID');
    expect(checkTaxCode('010594Y9021', 'FI')).toBe('VALID');
    expect(checkTaxCode('2077474-0', 'FI')).toBe('VALID');
    for (const country of ['DE', 'DK', 'FI']) expect(checkTaxCode('12345', country)).toBe('INVALID');
  });

  test('no country, or one that nobody can judge: unchecked', () => {
    expect(checkTaxCode('RSSMRA85T10A562S', null)).toBe('UNCHECKED');
    expect(checkTaxCode('123', 'US')).toBe('UNCHECKED');
  });
});
