import type { CustomerIdentifierInput } from '../customer/customer-identifier.input.js';
import type { Problem } from '../errors.js';
import type { TaxIdCheck } from '../format/tax-id.js';

/** Which fields are compulsory and how strictly they are formed: the hub's own way, or literally as N2–N38 say. */
export type ImportProfile = 'STANDARD' | 'PARTNER';

/** Whose names stand in messages: `invalid postalCode` or the door's `invalid zip`. */
export type NameStyle = 'graphql' | 'netstorming';

export const customerTypes = ['PERSON', 'COMPANY'] as const;
/** ISO/IEC 5218: the name that clients use and the number that is stored. */
export const sexes = { UNKNOWN: 0, MALE: 1, FEMALE: 2, NOT_APPLICABLE: 9 } as const;
/** Tehden's wire number of a status is its position here, counted from 1. */
export const vatStatuses = [
  'DOMESTIC',
  'CONSTRUCTION_REVERSE',
  'EU_GOODS',
  'EU_SERVICES',
  'EU_NOT_INTRA_COMMUNITY',
  'EU_TRIANGULATION',
  'OUTSIDE_EU',
] as const;
export const homepages = ['HOME', 'HOTELSONLINE', 'BOOKINGSMANAGEMENT'] as const;
export const paymentDates = ['topay', 'deadline', 'startdate'] as const;

/** A customer's stored columns in canonical form. A missing key leaves the column as it is, null clears it. */
export interface CustomerFields {
  code: string;
  name: string;
  type: (typeof customerTypes)[number];
  firstName: string | null;
  lastName: string | null;
  sex: (typeof sexes)[keyof typeof sexes];
  birthYear: number | null;
  birthMonth: number | null;
  birthDay: number | null;
  address: string | null;
  postalCode: string | null;
  country: string | null;
  city: string | null;
  email: string | null;
  language: string | null;
  telephone: string | null;
  telephoneE164: string | null;
  fax: string | null;
  faxE164: string | null;
  currency: string | null;
  bookingOnline: boolean | null;
  blockedInDeadline: boolean | null;
  creditCard: boolean | null;
  vatNumber: string | null;
  vatNumberCheck: TaxIdCheck;
  vatStatus: (typeof vatStatuses)[number];
  corporateName: string | null;
  accountingEmail: string | null;
  taxCode: string | null;
  taxCodeCheck: TaxIdCheck;
  markupHotelsWeb: number | null;
  markupCarsWeb: number | null;
  markupTransfersWeb: number | null;
  markupToursWeb: number | null;
  markupGenericServicesWeb: number | null;
  sdiCode: string | null;
  accountingCode: string | null;
  mobile: string | null;
  mobileE164: string | null;
  certifiedEmail: string | null;
  forceContextualPayment: boolean | null;
  customerHomepage: (typeof homepages)[number] | null;
  emergencyNumber: string | null;
  paymentDate: (typeof paymentDates)[number] | null;
  prepaymentDays: number | null;
  enabled: boolean;
}

/** The login that an insert makes along with its customer (N16–N20). The password is in the clear: see A28 and A61. */
export interface AdminUserFields {
  name: string;
  email: string;
  login: string;
  password: string;
  foreignCode: string | null;
}

export interface ExternalReferenceFields {
  /** Code or number of the system as given (`WOOCOMMERCE`, `6`); whether the owner has it is the writer's to know. */
  system: string;
  identifier: string;
}

/** Which customer a row is about, where the row names it beside its fields, and in which version it was seen. */
export interface RowTarget {
  /** Null: it names nobody, which is a problem of the row. */
  by: CustomerIdentifierInput | null;
  expectedVersion: number | null;
}

/** What a row says, judged. Only a row without problems has its derived columns and may be written. */
export interface CheckedRow {
  fields: Partial<CustomerFields>;
  /** Null where the row has none or it has problems. */
  adminUser: AdminUserFields | null;
  /** The login if it is well formed, even where the row has problems, so that `already exists` is told along with them. */
  login?: string;
  externalReferences: ExternalReferenceFields[];
  /** `externalReferences: null`: a customer that is there loses its links (A40). */
  unlinks?: boolean;
  tags: string[];
  acceptsMarketingEmail?: boolean;
  acceptsMarketingSms?: boolean;
  /** All problems of the row, in the order of the rule table (N41). */
  problems: Problem[];
  /** Those of the problems that tell of something left out, which a customer that is there has already. */
  onlyForNew?: Problem[];
  /** The customer to update; without it the row is an insert, or looks for its customer by its keys. */
  target?: RowTarget;
  /** The code as given, as text, or "" (A18). */
  code: string;
}
