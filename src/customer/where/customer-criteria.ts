import { caselessKey } from '../../format/caseless.js';
import { isDay } from '../../format/calendar-day.js';
import { isId } from '../../graphql/ids.js';
import type { SearchColumn } from '../../search/search-piece.sql.js';
import type { Facet } from '../../search/search-text.sql.js';
import { ExternalReferenceInput } from '../customer-identifier.input.js';
import { comparisons, textComparisons, type Comparisons, type Place } from './comparisons.js';
import * as inputs from './filter-inputs.js';
import type { Filter } from './filter-inputs.js';
import { byFacet, byFoldedFacet, byPiece, numberPieces } from './indexed.js';
import { hundredths } from './hundredths.js';
import { momentComparisons } from './moment-comparisons.js';
import { phoneComparisons } from './phone-comparisons.js';
import { TagIdentifierInput } from './tag-identifier.input.js';

/** What a caller may ask about a field: operators that each compare it, or one condition for the whole value. */
export interface Criterion<Value> {
  /** Its type in `CustomerWhereInput`. */
  type: () => object;
  description?: string;
  operators?: Comparisons;
  condition?: (value: Value, at: Place) => string;
  /** Says what is wrong with one value, if anything. */
  check?: (value: unknown) => string | null;
}

/**
 * Every criterion on a customer, the row `c` of the statement, `snapshot` and `search` beside it, owner $1 (T11, A46). A field
 * is a line here: the input type of GraphQL and the SQL both come from it. Which index serves it, or why none does:
 * `served.ts`.
 */
export const customerCriteria = {
  id: ids('c.id'),
  code: codes('c.code'),
  type: values('c.type', 'text', inputs.CustomerTypeFilterInput),
  version: numbers('c.version'),
  name: orderedTexts('c.name'),
  firstName: texts('c.first_name'),
  lastName: orderedTexts('c.last_name'),
  corporateName: texts('c.corporate_name'),
  sex: fewValues('sex', 'c.sex', 'smallint', inputs.SexFilterInput),
  birthYear: fewNumbers('birthYear', 'c.birth_year'),
  birthMonth: fewNumbers('birthMonth', 'c.birth_month'),
  birthDay: fewNumbers('birthDay', 'c.birth_day'),
  email: orderedTexts('c.email'),
  mobile: phones('c.mobile'),
  telephone: phones('c.telephone'),
  fax: phones('c.fax'),
  mobileE164: texts('c.mobile_e164'),
  telephoneE164: texts('c.telephone_e164'),
  faxE164: texts('c.fax_e164'),
  address: texts('c.address', 'rest'),
  postalCode: shared('postalCode', 'c.postal_code'),
  city: shared('city', 'c.city'),
  country: words('country', 'c.country', 'upper'),
  language: words('language', 'c.language', 'lower'),
  currency: words('currency', 'c.currency', 'upper'),
  vatNumber: texts('c.vat_number'),
  vatNumberCheck: fewValues('vatNumberCheck', 'c.vat_number_check', 'text', inputs.NumberCheckFilterInput),
  taxCode: texts('c.tax_code'),
  taxCodeCheck: fewValues('taxCodeCheck', 'c.tax_code_check', 'text', inputs.NumberCheckFilterInput),
  vatStatus: fewValues('vatStatus', 'c.vat_status', 'text', inputs.VatStatusFilterInput),
  bookingOnline: switches('bookingOnline', 'c.booking_online'),
  blockedInDeadline: switches('blockedInDeadline', 'c.blocked_in_deadline'),
  creditCard: switches('creditCard', 'c.credit_card'),
  forceContextualPayment: switches('forceContextualPayment', 'c.force_contextual_payment'),
  customerHomepage: words('customerHomepage', 'c.customer_homepage', 'upper'),
  paymentDate: words('paymentDate', 'c.payment_date', 'lower'),
  prepaymentDays: fewNumbers('prepaymentDays', 'c.prepayment_days'),
  markupHotelsWeb: fewNumbers('markupHotelsWeb', 'c.markup_hotels_web'),
  markupCarsWeb: fewNumbers('markupCarsWeb', 'c.markup_cars_web'),
  markupTransfersWeb: fewNumbers('markupTransfersWeb', 'c.markup_transfers_web'),
  markupToursWeb: fewNumbers('markupToursWeb', 'c.markup_tours_web'),
  markupGenericServicesWeb: fewNumbers('markupGenericServicesWeb', 'c.markup_generic_services_web'),
  sdiCode: texts('c.sdi_code', 'rest'),
  accountingCode: texts('c.accounting_code', 'rest'),
  accountingEmail: texts('c.accounting_email', 'rest'),
  certifiedEmail: texts('c.certified_email', 'rest'),
  emergencyNumber: texts('c.emergency_number', 'rest'),
  excluded: switches('excluded', 'c.excluded'),
  enabled: switches('enabled', 'c.enabled'),
  createdAt: moments('c.created_at'),
  updatedAt: moments('c.updated_at'),
  externalReference: {
    type: () => ExternalReferenceInput,
    description: 'Is linked to an external system by this pair (T9, A43).',
    condition: ({ system, identifier }: ExternalReferenceInput, at) =>
      `${linkedTo(system, at)} AND r.identifier = ${at(identifier.trim())})`,
  },
  externalSystem: {
    type: () => String,
    description: 'Is linked to this external system, by its code or number.',
    condition: (system: string, at) => `${linkedTo(system, at)})`,
  },
  tag: {
    type: () => TagIdentifierInput,
    description: 'Carries this tag.',
    condition: ({ id, name }: TagIdentifierInput, at) =>
      `EXISTS (SELECT FROM listed_customer_tag ct WHERE ct.owner_id = c.owner_id AND ct.customer_id = c.id AND ct.tag_id = ${
        name === undefined
          ? `${at(idOrNobody(id ?? ''))}::bigint`
          : `(SELECT id FROM tag WHERE owner_id = $1 AND name_key = ${at(caselessKey(name))})`
      })`,
  },
  acceptsMarketingEmail: consent('snapshot.accepts_marketing_email', 'e-mail'),
  acceptsMarketingSms: consent('snapshot.accepts_marketing_sms', 'SMS'),
  contactInfo: {
    type: () => String,
    description:
      'Has a contact info with this value, an e-mail address or a number; those of the master data are fields of their own.',
    condition: (value: string, at) =>
      byPiece({ eq: infoIs }, { pieces: (text) => [text, ...numberPieces(text)] }).eq(value, at),
  },
  ordersTotalCount: {
    type: () => inputs.IntFilterInput,
    description: 'As the snapshot tells it, like the four that follow (G16).',
    operators: comparisons('snapshot.orders_total_count', 'integer'),
  },
  ordersTotalValue: {
    type: () => inputs.DecimalFilterInput,
    description: "Sum including VAT in the owner's currency (G17).",
    operators: hundredths('snapshot.orders_total_cents'),
  },
  ordersLastDate: {
    type: () => inputs.DateFilterInput,
    description: 'Day of the latest paid, not cancelled online order (G19).',
    operators: comparisons('snapshot.orders_last_date', 'date'),
    check: (value: unknown) => (typeof value === 'string' && !isDay(value) ? 'there is no such day' : null),
  },
  lastBooking: {
    type: () => inputs.DateTimeFilterInput,
    description: 'When the last booking started (G20). It is the last one as of when the snapshot was computed.',
    operators: momentComparisons('snapshot.last_booking_at'),
  },
  nextBooking: {
    type: () => inputs.DateTimeFilterInput,
    description: 'When the next booking starts (G24).',
    operators: momentComparisons('snapshot.next_booking_at'),
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

/** A text that is found by pieces of it. */
function texts(column: string, where: SearchColumn = 'text'): Criterion<Filter<string>> {
  return { type: () => inputs.TextFilterInput, operators: byPiece(textComparisons(column), { column: where }) };
}

/** One that has an index in its order as well: pieces from within it are all that is left to the other. */
function orderedTexts(column: string): Criterion<Filter<string>> {
  return {
    type: () => inputs.TextFilterInput,
    operators: byPiece(textComparisons(column, `${column}_key`), { operators: ['contains'] }),
  };
}

function phones(column: string): Criterion<Filter<string>> {
  return { type: () => inputs.TextFilterInput, operators: byPiece(phoneComparisons(column), { pieces: numberPieces }) };
}

/** The customer number is compared as the key by which it is unique; only its parts are read from what is shown. */
function codes(column: string): Criterion<Filter<string>> {
  const { contains, startsWith } = byPiece(textComparisons(column));
  const ordered = comparisons(`${column}_key`, 'text', { read: caselessKey });
  return { type: () => inputs.TextFilterInput, operators: { ...ordered, contains, startsWith } };
}

/** A text that many customers have alike. */
function shared(field: Facet, column: string): Criterion<Filter<string>> {
  const pieces = byPiece(textComparisons(column), { operators: ['contains', 'startsWith'], column: 'rest' });
  return { type: () => inputs.TextFilterInput, operators: byFoldedFacet(field, pieces) };
}

/** A word out of few, kept in one case. */
function words(field: Facet, column: string, kept: 'upper' | 'lower'): Criterion<Filter<string>> {
  const canonical = (value: string) => {
    const upper = value.normalize('NFC').toUpperCase();
    return kept === 'upper' ? upper : upper.toLowerCase();
  };
  return { type: () => inputs.TextFilterInput, operators: byFacet(field, textComparisons(column), canonical) };
}

function numbers(column: string): Criterion<Filter<number>> {
  return { type: () => inputs.IntFilterInput, operators: comparisons(column, 'integer') };
}

function fewNumbers(field: Facet, column: string): Criterion<Filter<number>> {
  return { type: () => inputs.IntFilterInput, operators: byFacet(field, comparisons(column, 'integer')) };
}

function moments(column: string): Criterion<Filter<Date>> {
  return { type: () => inputs.DateTimeFilterInput, operators: momentComparisons(column) };
}

function switches(field: Facet, column: string): Criterion<Filter<boolean>> {
  return { type: () => inputs.BooleanFilterInput, operators: byFacet(field, comparisons(column, 'boolean')) };
}

function values(column: string, sqlType: string, type: object): Criterion<Filter<string | number>> {
  return { type: () => type, operators: comparisons(column, sqlType) };
}

function fewValues(field: Facet, column: string, sqlType: string, type: object): Criterion<Filter<string | number>> {
  return { type: () => type, operators: byFacet(field, comparisons(column, sqlType)) };
}

function ids(column: string): Criterion<Filter<string>> {
  return { type: () => inputs.IdFilterInput, operators: comparisons(column, 'bigint', { read: idOrNobody }) };
}

/** Ids begin at 1. */
function idOrNobody(id: string): string {
  return isId(id) ? id : '0';
}

/** The link to a system, as `r`, still open for what else is said of it. */
function linkedTo(system: string, at: Place): string {
  const asked = at(system.trim().toUpperCase());
  return `EXISTS (SELECT FROM listed_external_reference r WHERE r.owner_id = c.owner_id AND r.customer_id = c.id
    AND r.system_id = (SELECT id FROM external_system WHERE owner_id = $1 AND ${asked} IN (code, number))`;
}

function infoIs(value: string, at: Place): string {
  return `EXISTS (SELECT FROM listed_contact_info i
    WHERE i.owner_id = c.owner_id AND i.customer_id = c.id AND ${phoneComparisons('i.value').eq(value, at)})`;
}

/** As the snapshot tells it (G28, G29). Said as a condition of its own, for the index has only those who accept. */
function consent(column: string, word: string) {
  return {
    type: () => Boolean,
    description: `Whether marketing by ${word} is accepted now.`,
    condition: (accepted: boolean) => (accepted ? column : `NOT ${column}`),
  };
}
