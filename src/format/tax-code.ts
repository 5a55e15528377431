import { stdnum } from 'stdnum';
import { isCodiceFiscale } from './codice-fiscale.js';
import { byLibrary, compactTaxId, judgeTaxId, type TaxIdCheck, type TaxIdTest } from './tax-id.js';

/**
 * Judges a tax code by the customer's country (A24): Italy's codice fiscale, and for the other countries listed here
 * every number with which a person or a company is known to the tax office. UNCHECKED for all others.
 *
 * @param country ISO 3166-1 alpha-2, upper case, of the customer; null if unknown.
 */
export function checkTaxCode(text: string, country: string | null): TaxIdCheck {
  return judgeTaxId(compactTaxId(text), (country !== null && tests.get(country)) || []);
}

const tests = new Map<string, TaxIdTest[]>([
  ['IT', [isCodiceFiscale]],
  ['DE', [byLibrary(stdnum.DE?.idnr), byLibrary(stdnum.DE?.stnr), byLibrary(stdnum.DE?.vat)]],
  ['DK', [byLibrary(stdnum.DK?.cvr), byLibrary(stdnum.DK?.cpr)]],
  // The library wants the century sign of a Finnish personal code, which compacting takes away when it is a hyphen.
  ['FI', [byLibrary(stdnum.FI?.ytunnus), byLibrary(stdnum.FI?.hetu), finnishPersonBornInThe1900s]],
]);

function finnishPersonBornInThe1900s(compact: string): boolean {
  return compact.length === 10 && hetu(`${compact.slice(0, 6)}-${compact.slice(6)}`);
}

const hetu = byLibrary(stdnum.FI?.hetu);
