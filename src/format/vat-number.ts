import { euVat, stdnum } from 'stdnum';
import { isPartitaIva } from './partita-iva.js';
import { byLibrary, compactTaxId, judgeTaxId, type TaxIdCheck, type TaxIdTest } from './tax-id.js';

/**
 * Judges a VAT number with or without its country prefix (A24): by the country that the prefix names (`EL` is Greece,
 * `XI` Northern Ireland), by the customer's country, and VALID if either accepts it: a company may be registered
 * abroad and some national numbers begin with letters themselves.
 *
 * @param country ISO 3166-1 alpha-2, upper case, of the customer; null if unknown.
 */
export function checkVatNumber(text: string, country: string | null): TaxIdCheck {
  const compact = compactTaxId(text);
  const prefix = compact.slice(0, 2);
  const abroad = tests.get(prefix);
  const home = country === null ? undefined : tests.get(country);
  const candidates: TaxIdTest[] = [];
  if (abroad) candidates.push((number) => abroad(number.slice(2)));
  if (home) candidates.push(home);
  return judgeTaxId(compact, candidates);
}

const tests = new Map<string, TaxIdTest>();
for (const [country, [validator]] of Object.entries(euVat)) tests.set(country, byLibrary(validator));

// Where the library has none among its European ones, or is wrong; a line per country.
const northernOrGreatBritain = byLibrary(stdnum.GB?.vat);
const norway = [byLibrary(stdnum.NO?.mva), byLibrary(stdnum.NO?.orgnr)];
tests.set('IT', isPartitaIva);
tests.set('EL', byLibrary(stdnum.GR?.vat));
tests.set('GB', northernOrGreatBritain);
tests.set('XI', northernOrGreatBritain);
tests.set('NO', (number) => norway.some((test) => test(number)));
