import type { Validator } from 'stdnum';

/** What is known about a VAT number or tax code beyond its length (A24): UNCHECKED where nobody can say. */
export const taxIdChecks = ['VALID', 'INVALID', 'UNCHECKED'] as const;
export type TaxIdCheck = (typeof taxIdChecks)[number];

/** One way to tell whether a number, upper case and without separators, can exist. */
export type TaxIdTest = (compact: string) => boolean;

/** A validator of the library as a test; it throws on some malformed numbers (a blank Dutch one), which are invalid. */
export function byLibrary(validator: Validator | undefined): TaxIdTest {
  if (!validator) throw new Error('stdnum has no such validator');
  return (compact) => {
    try {
      return validator.validate(compact).isValid;
    } catch {
      return false;
    }
  };
}

/** VALID if any test passes, INVALID if all fail, UNCHECKED if there are none. */
export function judgeTaxId(compact: string, tests: readonly TaxIdTest[]): TaxIdCheck {
  if (tests.length === 0) return 'UNCHECKED';
  return tests.some((test) => test(compact)) ? 'VALID' : 'INVALID';
}

/** Upper case, without the spaces, dots, hyphens and slashes that people group digits with. */
export function compactTaxId(text: string): string {
  return text.replace(/[\s./-]/g, '').toUpperCase();
}
