import { toE164 } from '../format/phone.js';
import { checkTaxCode } from '../format/tax-code.js';
import { checkVatNumber } from '../format/vat-number.js';
import type { CustomerFields } from './customer-fields.js';

/**
 * Adds the columns that follow from others: the E.164 form of each telephone number (A19) and what is known about VAT
 * number and tax code (A24). Only for what `fields` has; a write that changes the country alone passes the stored
 * numbers through here again, for a local number means something else abroad.
 *
 * @param country of the customer after the write, upper case; null if unknown.
 */
export function deriveFields(fields: Partial<CustomerFields>, country: string | null): void {
  if (fields.telephone !== undefined) fields.telephoneE164 = e164(fields.telephone, country);
  if (fields.fax !== undefined) fields.faxE164 = e164(fields.fax, country);
  if (fields.mobile !== undefined) fields.mobileE164 = e164(fields.mobile, country);
  const { vatNumber, taxCode } = fields;
  if (vatNumber !== undefined)
    fields.vatNumberCheck = vatNumber === null ? 'UNCHECKED' : checkVatNumber(vatNumber, country);
  if (taxCode !== undefined) fields.taxCodeCheck = taxCode === null ? 'UNCHECKED' : checkTaxCode(taxCode, country);
}

function e164(number: string | null, country: string | null): string | null {
  return number === null ? null : toE164(number, country);
}
