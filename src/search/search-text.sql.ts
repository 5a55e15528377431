import { theOwner } from '../database/the-owner.js';

/** Fields with few values, or many customers to each: GraphQL's name → the column, and the value that most customers have, which is left out. */
export const facetColumns = {
  city: { column: 'search_fold(c.city)' },
  postalCode: { column: 'search_fold(c.postal_code)' },
  country: { column: 'c.country' },
  language: { column: 'c.language' },
  currency: { column: 'c.currency' },
  birthYear: { column: 'c.birth_year' },
  birthMonth: { column: 'c.birth_month' },
  birthDay: { column: 'c.birth_day' },
  sex: { column: 'c.sex', usual: 0 },
  vatStatus: { column: 'c.vat_status', usual: 'DOMESTIC' },
  vatNumberCheck: { column: 'c.vat_number_check', usual: 'UNCHECKED' },
  taxCodeCheck: { column: 'c.tax_code_check', usual: 'UNCHECKED' },
  bookingOnline: { column: 'c.booking_online' },
  blockedInDeadline: { column: 'c.blocked_in_deadline' },
  creditCard: { column: 'c.credit_card' },
  forceContextualPayment: { column: 'c.force_contextual_payment' },
  customerHomepage: { column: 'c.customer_homepage' },
  paymentDate: { column: 'c.payment_date' },
  prepaymentDays: { column: 'c.prepayment_days' },
  markupHotelsWeb: { column: 'c.markup_hotels_web' },
  markupCarsWeb: { column: 'c.markup_cars_web' },
  markupTransfersWeb: { column: 'c.markup_transfers_web' },
  markupToursWeb: { column: 'c.markup_tours_web' },
  markupGenericServicesWeb: { column: 'c.markup_generic_services_web' },
  excluded: { column: 'c.excluded', usual: false },
  enabled: { column: 'c.enabled', usual: true },
} satisfies Record<string, { column: string; usual?: string | number | boolean }>;

export type Facet = keyof typeof facetColumns;

/** As it stands in `facets`. */
export const facet = (field: Facet, value: unknown): string => `${field}=${String(value)}`;

/**
 * What a customer is found by, for the customers of owner $1 that `ids` says: (customer_id, text, rest, facets).
 *
 * - `text`: what a search looks for, a piece of a name, e-mail address, telephone number, code or external identifier (T10), in
 *   the form of `search_fold`. Telephone numbers stand without what people group them with. Every line has a line's end on
 *   both sides, so that whole ones can be told.
 * - `rest`: the other texts, which only criteria ask for, in the same form.
 * - `facets`: `field=value` for fields with few values, but for the one that most customers have: who asks for that finds a
 *   page of them anywhere.
 */
const searchSelect = (ids: string) => /* sql */ `
SELECT c.id AS customer_id,
  search_fold(concat_ws(E'\\n', '', c.name, c.first_name, c.last_name, c.corporate_name, c.code, c.email,
    ${['mobile', 'telephone', 'fax'].map((number) => `c.${number}_e164, ${ungrouped(`c.${number}`)}`).join(', ')},
    c.vat_number, c.tax_code, linked.texts, '')) AS text,
  search_fold(concat_ws(E'\\n', c.accounting_email, c.certified_email, c.emergency_number, c.accounting_code, c.sdi_code,
    c.address, c.postal_code, c.city)) AS rest,
  array_remove(ARRAY[${facets()}], NULL) AS facets
FROM customer c
CROSS JOIN LATERAL (
  SELECT string_agg(line, E'\\n') AS texts FROM (
    SELECT concat_ws(E'\\n', value_e164, CASE WHEN kind = 'EMAIL' THEN value ELSE ${ungrouped('value')} END) AS line
    FROM contact_info WHERE owner_id = c.owner_id AND customer_id = c.id AND value IS NOT NULL
    UNION ALL
    SELECT identifier FROM external_reference WHERE owner_id = c.owner_id AND customer_id = c.id
  ) AS lines
) linked
WHERE c.owner_id = ${theOwner} AND c.id ${ids}`;

/** For customers that have none yet. `ids`: SQL behind the id of a customer, as `= $2`. */
export const insertSearch = (ids: string): string => `
  INSERT INTO customer_search (owner_id, customer_id, text, rest, facets)
  SELECT $1, customer_id, text, rest, facets FROM (${searchSelect(ids)}) AS found`;

/** For those that have one. Most changes leave it as it is; then nothing is written. */
export const refreshSearch = (ids: string): string => `
  INSERT INTO customer_search (owner_id, customer_id, text, rest, facets)
  SELECT $1, customer_id, text, rest, facets FROM (${searchSelect(ids)}) AS found
  WHERE NOT EXISTS (SELECT FROM customer_search s WHERE s.owner_id = ${theOwner} AND s.customer_id = found.customer_id
    AND s.text = found.text AND s.rest = found.rest AND s.facets = found.facets)
  ON CONFLICT (owner_id, customer_id) DO UPDATE SET text = excluded.text, rest = excluded.rest, facets = excluded.facets`;

/** Reasons of a change that nothing above depends on. */
export const leaveSearch: ReadonlySet<string> = new Set(['CONSENT', 'TAG', 'ORDER', 'BOOKING', 'CLOCK']);

/** A telephone number without what people group it with; `search-piece.sql.ts` does the same to a piece of one. */
export function ungrouped(number: string): string {
  return `translate(${number}, ' -()', '')`;
}

function facets(): string {
  return Object.entries(facetColumns)
    .map(([field, { column, ...rest }]) => {
      const { usual } = rest as { usual?: string | number | boolean };
      return `'${field}=' || ${usual === undefined ? column : `nullif(${column}, ${literal(usual)})`}`;
    })
    .join(', ');
}

function literal(value: string | number | boolean): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
