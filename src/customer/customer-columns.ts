import { snake } from '../database/snake-case.js';
import type { CustomerFields } from '../bulk/customer-fields.js';

/** The writable columns of a customer with their SQL types, by the name of their field. */
export const customerColumns = {
  code: 'text',
  type: 'text',
  name: 'text',
  firstName: 'text',
  lastName: 'text',
  corporateName: 'text',
  sex: 'smallint',
  birthYear: 'smallint',
  birthMonth: 'smallint',
  birthDay: 'smallint',
  email: 'text',
  mobile: 'text',
  telephone: 'text',
  fax: 'text',
  mobileE164: 'text',
  telephoneE164: 'text',
  faxE164: 'text',
  address: 'text',
  postalCode: 'text',
  city: 'text',
  country: 'text',
  language: 'text',
  currency: 'text',
  vatNumber: 'text',
  vatNumberCheck: 'text',
  taxCode: 'text',
  taxCodeCheck: 'text',
  vatStatus: 'text',
  bookingOnline: 'boolean',
  blockedInDeadline: 'boolean',
  creditCard: 'boolean',
  forceContextualPayment: 'boolean',
  customerHomepage: 'text',
  paymentDate: 'text',
  prepaymentDays: 'smallint',
  markupHotelsWeb: 'integer',
  markupCarsWeb: 'integer',
  markupTransfersWeb: 'integer',
  markupToursWeb: 'integer',
  markupGenericServicesWeb: 'integer',
  sdiCode: 'text',
  accountingCode: 'text',
  accountingEmail: 'text',
  certifiedEmail: 'text',
  emergencyNumber: 'text',
  enabled: 'boolean',
} as const satisfies Record<keyof CustomerFields, string>;

export type CustomerField = keyof typeof customerColumns;

const fields = Object.keys(customerColumns) as CustomerField[];

/** `code, type, …`: the columns, in the order of `customerColumns`. */
export const columnNames = fields.map(snake).join(', ');

/** The columns of a `json_to_recordset` of customer fields: `"code" text, "firstName" text, …` */
export const recordColumns = fields.map((field) => `"${field}" ${customerColumns[field]}`).join(', ');

/** What a new customer has in columns that were not given and must not be null. */
const defaults: Partial<Record<CustomerField, string>> = {
  sex: '0',
  vatNumberCheck: `'UNCHECKED'`,
  taxCodeCheck: `'UNCHECKED'`,
  vatStatus: `'DOMESTIC'`,
  enabled: 'true',
};

/** The select list that fills the columns from such a record `r`, with the defaults of a new customer. */
export const recordValues = fields
  .map((field) => (defaults[field] ? `coalesce(r."${field}", ${defaults[field]})` : `r."${field}"`))
  .join(', ');
