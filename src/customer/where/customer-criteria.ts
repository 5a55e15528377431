import { caselessKey } from '../../format/caseless.js';
import { isId } from '../../graphql/ids.js';
import { ExternalReferenceInput } from '../customer-identifier.input.js';
import { comparisons, textComparisons, type Comparisons, type Place } from './comparisons.js';
import * as inputs from './filter-inputs.js';
import type { Filter } from './filter-inputs.js';
import { phoneComparisons } from './phone-comparisons.js';
import { TagIdentifierInput } from './tag-identifier.input.js';

/** What a caller may ask about a field: operators that each compare it, or one condition for the whole value. */
export interface Criterion<Value> {
  /** Its type in `CustomerWhereInput`. */
  type: () => object;
  description?: string;
  operators?: Comparisons;
  condition?: (value: Value, at: Place) => string;
}

/**
 * Every criterion on a customer, the row `c` of the statement (T11, A46). A field is a line here: the input type of
 * GraphQL and the SQL both come from it.
 */
export const customerCriteria = {
  id: ids('c.id'),
  code: codes('c.code'),
  type: values('c.type', 'text', inputs.CustomerTypeFilterInput),
  version: numbers('c.version'),
  name: texts('c.name'),
  firstName: texts('c.first_name'),
  lastName: texts('c.last_name'),
  corporateName: texts('c.corporate_name'),
  sex: values('c.sex', 'smallint', inputs.SexFilterInput),
  birthYear: numbers('c.birth_year'),
  birthMonth: numbers('c.birth_month'),
  birthDay: numbers('c.birth_day'),
  email: texts('c.email'),
  mobile: phones('c.mobile'),
  telephone: phones('c.telephone'),
  fax: phones('c.fax'),
  mobileE164: texts('c.mobile_e164'),
  telephoneE164: texts('c.telephone_e164'),
  faxE164: texts('c.fax_e164'),
  address: texts('c.address'),
  postalCode: texts('c.postal_code'),
  city: texts('c.city'),
  country: texts('c.country'),
  language: texts('c.language'),
  currency: texts('c.currency'),
  vatNumber: texts('c.vat_number'),
  vatNumberCheck: values('c.vat_number_check', 'text', inputs.NumberCheckFilterInput),
  taxCode: texts('c.tax_code'),
  taxCodeCheck: values('c.tax_code_check', 'text', inputs.NumberCheckFilterInput),
  vatStatus: values('c.vat_status', 'text', inputs.VatStatusFilterInput),
  bookingOnline: switches('c.booking_online'),
  blockedInDeadline: switches('c.blocked_in_deadline'),
  creditCard: switches('c.credit_card'),
  forceContextualPayment: switches('c.force_contextual_payment'),
  customerHomepage: texts('c.customer_homepage'),
  paymentDate: texts('c.payment_date'),
  prepaymentDays: numbers('c.prepayment_days'),
  markupHotelsWeb: numbers('c.markup_hotels_web'),
  markupCarsWeb: numbers('c.markup_cars_web'),
  markupTransfersWeb: numbers('c.markup_transfers_web'),
  markupToursWeb: numbers('c.markup_tours_web'),
  markupGenericServicesWeb: numbers('c.markup_generic_services_web'),
  sdiCode: texts('c.sdi_code'),
  accountingCode: texts('c.accounting_code'),
  accountingEmail: texts('c.accounting_email'),
  certifiedEmail: texts('c.certified_email'),
  emergencyNumber: texts('c.emergency_number'),
  excluded: switches('c.excluded'),
  enabled: switches('c.enabled'),
  createdAt: moments('c.created_at'),
  updatedAt: moments('c.updated_at'),
  externalReference: {
    type: () => ExternalReferenceInput,
    description: 'Is linked to an external system by this pair (T9, A43).',
    condition: ({ system, identifier }: ExternalReferenceInput, at) =>
      `EXISTS (SELECT FROM external_reference r JOIN external_system s ON s.owner_id = r.owner_id AND s.id = r.system_id
        WHERE r.owner_id = c.owner_id AND r.customer_id = c.id AND r.identifier = ${at(identifier.trim())}
          AND ${at(system.trim().toUpperCase())} IN (s.code, s.number))`,
  },
  tag: {
    type: () => TagIdentifierInput,
    description: 'Carries this tag.',
    condition: ({ id, name }: TagIdentifierInput, at) =>
      `EXISTS (SELECT FROM customer_tag ct JOIN tag t ON t.owner_id = ct.owner_id AND t.id = ct.tag_id
        WHERE ct.owner_id = c.owner_id AND ct.customer_id = c.id
          AND ${name === undefined ? `t.id = ${at(idOrNobody(id ?? ''))}` : `t.name_key = ${at(caselessKey(name))}`})`,
  },
  acceptsMarketingEmail: consent('EMAIL', 'e-mail'),
  acceptsMarketingSms: consent('SMS', 'SMS'),
  contactInfo: {
    type: () => String,
    description:
      'Has a contact info with this value, an e-mail address or a number; those of the master data are fields of their own.',
    condition: (value: string, at) =>
      `EXISTS (SELECT FROM contact_info i
        WHERE i.owner_id = c.owner_id AND i.customer_id = c.id AND ${phoneComparisons('i.value').eq(value, at)})`,
  },
} satisfies Record<string, Criterion<never>>;

/** A tree of criteria as GraphQL gives it. */
export type CustomerWhere = {
  and?: CustomerWhere[] | null;
  or?: CustomerWhere[] | null;
  not?: CustomerWhere | null;
} & { [F in keyof typeof customerCriteria]?: ValueOf<(typeof customerCriteria)[F]> | null };

type ValueOf<C> = C extends { condition: (value: infer Value, at: Place) => string }
  ? Value
  : C extends Criterion<infer Value>
    ? Value
    : never;

function texts(column: string): Criterion<Filter<string>> {
  return { type: () => inputs.TextFilterInput, operators: textComparisons(column) };
}

function phones(column: string): Criterion<Filter<string>> {
  return { type: () => inputs.TextFilterInput, operators: phoneComparisons(column) };
}

/** The customer number is compared as the key by which it is unique; only its parts are read from what is shown. */
function codes(column: string): Criterion<Filter<string>> {
  const { contains, startsWith } = textComparisons(column);
  const key = `${column}_key`;
  const { eq, in: oneOf } = comparisons(key, 'text', { read: caselessKey }); // in the collation of the unique index
  const ordered = comparisons(`${key} COLLATE "C"`, 'text', { read: caselessKey });
  return { type: () => inputs.TextFilterInput, operators: { ...ordered, eq, in: oneOf, contains, startsWith } };
}

function numbers(column: string): Criterion<Filter<number>> {
  return { type: () => inputs.IntFilterInput, operators: comparisons(column, 'integer') };
}

/** Compared as they are shown: the database keeps microseconds. */
function moments(column: string): Criterion<Filter<Date>> {
  const operators = comparisons(`date_trunc('milliseconds', ${column})`, 'timestamptz');
  return { type: () => inputs.DateTimeFilterInput, operators };
}

function switches(column: string): Criterion<Filter<boolean>> {
  return { type: () => inputs.BooleanFilterInput, operators: comparisons(column, 'boolean') };
}

function values(column: string, sqlType: string, type: object): Criterion<Filter<string | number>> {
  return { type: () => type, operators: comparisons(column, sqlType) };
}

function ids(column: string): Criterion<Filter<string>> {
  return { type: () => inputs.IdFilterInput, operators: comparisons(column, 'bigint', { read: idOrNobody }) };
}

/** Ids begin at 1. */
function idOrNobody(id: string): string {
  return isId(id) ? id : '0';
}

/** As the snapshot tells it: of all statements on the channel the one that happened last, none at all is a no (G28, G29). */
function consent(channel: 'EMAIL' | 'SMS', word: string) {
  return {
    type: () => Boolean,
    description: `Whether marketing by ${word} is accepted now.`,
    condition: (accepted: boolean, at: Place) =>
      `${at(accepted)}::boolean = coalesce((SELECT accepted FROM consent
        WHERE owner_id = c.owner_id AND customer_id = c.id AND channel = '${channel}'
        ORDER BY occurred_at DESC, accepted, id DESC LIMIT 1), false)`,
  };
}
