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

/** The columns of a `json_to_recordset` of customer fields: `"code" text, "firstName" text, …` */
export const recordColumns = fields.map((field) => `"${field}" ${customerColumns[field]}`).join(', ');

/** What a new customer has in columns that were not given and must not be null. */
const defaults: Partial<CustomerFields> = {
  sex: 0,
  vatNumberCheck: 'UNCHECKED',
  taxCodeCheck: 'UNCHECKED',
  vatStatus: 'DOMESTIC',
  enabled: true,
};

/** A new customer of whom nothing was given. */
export const newCustomer: Partial<CustomerFields> = {
  ...Object.fromEntries(fields.map((field) => [field, null])),
  ...defaults,
};

/**
 * How new customers fill their columns from arrays with an element for each: the columns that any of them has a value for,
 * and those that must have one. Of all the columns a file fills a third, and the others cost an array each.
 *
 * @param first number of the first parameter
 */
export function arraysOf(customers: readonly Partial<CustomerFields>[], first: number) {
  const given = new Set<string>(Object.keys(defaults));
  for (const customer of customers)
    for (const field in customer) if (customer[field as CustomerField] != null) given.add(field);
  const filled = fields.filter((field) => given.has(field));
  return {
    columns: filled.map(snake).join(', '),
    arrays: filled.map((field, i) => `$${first + i}::${customerColumns[field]}[]`).join(', '),
    values: filled.map((field) => customers.map((customer) => customer[field] ?? defaults[field] ?? null)),
  };
}

/** `name = r."name", …`: the assignments that make stored columns those of such a record. */
export const recordAssignments = fields.map((field) => `${snake(field)} = r."${field}"`).join(', ');
