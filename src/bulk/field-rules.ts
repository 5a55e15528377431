import { canonicalCountry } from '../format/country.js';
import { canonicalCurrency } from '../format/currency.js';
import { isEmailAddress } from '../format/email.js';
import { canonicalLanguage } from '../format/language.js';
import { type PartialDate, readPartialDate } from '../format/partial-date.js';
import { isPhoneText } from '../format/phone.js';
import {
  type AdminUserFields,
  type CustomerFields,
  customerTypes,
  homepages,
  paymentDates,
  sexes,
  vatStatuses,
} from './customer-fields.js';
import * as check from './field-checks.js';
import type { Check } from './field-checks.js';

/** What is known about one field of a row. */
export interface FieldRule {
  /** Where the value goes: a column of the customer, its login, or a mark beside both. */
  readonly part: 'customer' | 'adminUser' | 'consent';
  /** The name within that part, which is GraphQL's. */
  readonly key: string;
  /** The name in a row with GraphQL's names and in its messages (`adminUser.login`). */
  readonly graphql: string;
  /** The name at the door; null where the door has no such field. */
  readonly netstorming: string | null;
  /** The rule of `domain-rules.md`; null for the hub's own fields. */
  readonly rule: string | null;
  /** Who must fill it in: everybody, PARTNER rows, whoever gives a login (in PARTNER everybody does), or nobody. */
  readonly compulsory: 'ALWAYS' | 'PARTNER' | 'WITH_LOGIN' | 'NEVER';
  readonly standard: Check<unknown>;
  readonly partner: Check<unknown>;
  /** What is stored when the field is cleared; undefined where it cannot be cleared and is left as it is. */
  readonly cleared: unknown;
}

const phone = check.textAs(30, (given) => (isPhoneText(given) ? given : null));
const partnerPhone = check.digits(20);
const email = check.textAs(100, (given) => (isEmailAddress(given) ? given : null));
const country = check.textAs(2, canonicalCountry);
const language = check.textAs(2, canonicalLanguage);
const currency = check.textAs(3, canonicalCurrency);
const type = check.oneOf(customerTypes.map((name) => [name, name] as const));
const sex = check.oneOf([
  ...Object.entries(sexes),
  ...Object.values(sexes).map((number) => [`${number}`, number] as const),
]);
const vatStatus = check.oneOf([
  ...vatStatuses.map((name) => [name, name] as const),
  ...vatStatuses.map((name, i) => [`${i + 1}`, name] as const),
]);
const homepage = check.oneOf(homepages.map((name) => [name, name] as const));
const paymentDate = check.oneOf(paymentDates.map((name) => [name, name] as const));

/**
 * The rule table of bulk insert: a line per field, in the order of N2–N38 with the hub's own fields beside their
 * relatives. Problems are told in this order. A new field is a line here and one in `CustomerFields`.
 */
// prettier-ignore
export const fieldRules: readonly FieldRule[] = [
  field('code', 'N2', 'code', { compulsory: 'ALWAYS', standard: check.text(64), partner: check.alphanumeric(3, 12) }),
  field('name', 'N3', 'name', { compulsory: 'ALWAYS', standard: check.text(100) }),
  field('type', null, null, { standard: type, cleared: undefined }),
  field('firstName', null, null, { standard: check.text(100) }),
  field('lastName', null, null, { standard: check.text(100) }),
  field('sex', null, null, { standard: sex, cleared: 0 }),
  field('birthDate', null, null, { standard: check.readBy(readPartialDate) }),
  field('address', 'N4', 'address', { compulsory: 'PARTNER', standard: check.text(150) }),
  field('postalCode', 'N5', 'zip', { compulsory: 'PARTNER', standard: check.text(16), partner: check.digits(8) }),
  field('country', 'N6', 'country', { compulsory: 'PARTNER', standard: country }),
  field('city', 'N7', 'city', { compulsory: 'PARTNER', standard: check.text(100), partner: check.alphanumeric(3, 4) }),
  field('email', 'N8', 'mailstaff', { compulsory: 'PARTNER', standard: email }),
  field('language', 'N9', 'notify_lang', { compulsory: 'PARTNER', standard: language }),
  field('telephone', 'N10', 'telephone', { compulsory: 'PARTNER', standard: phone, partner: partnerPhone }),
  field('fax', 'N11', 'fax', { compulsory: 'PARTNER', standard: phone, partner: partnerPhone }),
  field('currency', 'N12', 'currency', { compulsory: 'PARTNER', standard: currency }),
  field('bookingOnline', 'N13', 'booking_online', { compulsory: 'PARTNER', standard: check.boolean }),
  field('blockedInDeadline', 'N14', 'blocked_in_deadline', { compulsory: 'PARTNER', standard: check.boolean }),
  field('creditCard', 'N15', 'credit_card', { compulsory: 'PARTNER', standard: check.boolean }),
  login('name', 'N16', 'admin_user_name', check.text(50)),
  login('email', 'N17', 'admin_user_email', email),
  login('login', 'N18', 'admin_user_login', check.alphanumeric(3, 12)),
  login('password', 'N19', 'admin_user_psw', check.secret(6, 12)),
  login('foreignCode', 'N20', 'admin_user_foreign_code', check.text(100), 'NEVER'),
  field('vatNumber', 'N21', 'vat', { standard: check.text(30) }),
  field('vatStatus', null, null, { standard: vatStatus, cleared: 'DOMESTIC' }),
  field('corporateName', 'N22', 'corporatename', { standard: check.text(100) }),
  field('accountingEmail', 'N23', 'mailaccountability', { standard: email }),
  field('taxCode', 'N24', 'tax_code', { standard: check.text(100) }),
  field('markupHotelsWeb', 'N25', 'markuphotelsweb', { standard: check.integer() }),
  field('markupCarsWeb', 'N26', 'markupcarsweb', { standard: check.integer() }),
  field('markupTransfersWeb', 'N27', 'markuptransfersweb', { standard: check.integer() }),
  field('markupToursWeb', 'N28', 'markuptoursweb', { standard: check.integer() }),
  field('markupGenericServicesWeb', 'N29', 'markupgenericservicesweb', { standard: check.integer() }),
  field('sdiCode', 'N30', 'sdi_code', { standard: check.upperCase(check.alphanumeric(7, 7)) }),
  field('accountingCode', 'N31', 'accounting', { standard: check.text(20) }),
  field('mobile', 'N32', 'mobile_phone', { standard: phone, partner: partnerPhone }),
  field('certifiedEmail', 'N33', 'pec_address', { standard: email }),
  field('forceContextualPayment', 'N34', 'force_contextual_payment', { standard: check.boolean }),
  field('customerHomepage', 'N35', 'customer_homepage', { standard: homepage }),
  field('emergencyNumber', 'N36', 'emergency_number', { standard: phone, partner: partnerPhone }),
  field('paymentDate', 'N37', 'payment_date', { standard: paymentDate }),
  field('prepaymentDays', 'N38', 'prepayment_days', { standard: check.integer(0, 30) }),
  field('enabled', null, null, { standard: check.boolean, cleared: undefined }),
  consent('acceptsMarketingEmail'),
  consent('acceptsMarketingSms'),
];

/** The values of a row under their names; a birthday is one value here and three columns in `CustomerFields`. */
type Judged = CustomerFields & { birthDate: PartialDate | null };

interface FieldOptions<T> {
  compulsory?: 'ALWAYS' | 'PARTNER';
  standard: Check<T>;
  partner?: Check<T>;
  cleared?: T | undefined;
}

function field<K extends keyof Judged>(
  key: K,
  rule: string | null,
  netstorming: string | null,
  options: FieldOptions<Judged[K]>,
): FieldRule {
  const { compulsory = 'NEVER', standard, partner = standard } = options;
  const cleared = 'cleared' in options ? options.cleared : null;
  return { part: 'customer', key, graphql: key, netstorming, rule, compulsory, standard, partner, cleared };
}

function login<K extends keyof AdminUserFields>(
  key: K,
  rule: string,
  netstorming: string,
  standard: Check<AdminUserFields[K]>,
  compulsory: 'WITH_LOGIN' | 'NEVER' = 'WITH_LOGIN',
): FieldRule {
  const graphql = `adminUser.${key}`;
  return { part: 'adminUser', key, graphql, netstorming, rule, compulsory, standard, partner: standard, cleared: null };
}

function consent(key: 'acceptsMarketingEmail' | 'acceptsMarketingSms'): FieldRule {
  const standard = check.boolean;
  const hub = { netstorming: null, rule: null, compulsory: 'NEVER', cleared: undefined } as const;
  return { part: 'consent', key, graphql: key, standard, partner: standard, ...hub };
}
