import { stdnum } from 'stdnum';
import { isPartitaIva } from './partita-iva.js';
import { byLibrary } from './tax-id.js';

/**
 * Whether an upper-case text is an Italian codice fiscale: 16 characters with their check character (computed over the
 * letters that stand in for digits, "omocodia", as they are written), or the 11 digits of legal persons. The library
 * knows shape and check character; the range of the day, 1–31 for men and 41–71 for women, is added here.
 */
export function isCodiceFiscale(compact: string): boolean {
  if (compact.length === 11) return isPartitaIva(compact);
  if (!shapeAndCheck(compact)) return false;
  const day = 10 * digitAt(compact, 9) + digitAt(compact, 10);
  return (day >= 1 && day <= 31) || (day >= 41 && day <= 71);
}

const shapeAndCheck = byLibrary(stdnum.IT?.codicefiscale);

function digitAt(compact: string, index: number): number {
  const character = compact.charAt(index);
  const substituted = 'LMNPQRSTUV'.indexOf(character);
  return substituted >= 0 ? substituted : Number(character);
}
