import { guardOwned } from '../guard-owned.js';

/**
 * Texts as they are searched: without regard to case, accents and how these are composed. What contains a text in the form of
 * `where` (src/customer/where/comparisons.ts) contains it in this form too, for both go from one code point to the next: so an
 * index on this form serves the exact criteria as well. Ø, æ and ß become o, ae and ss. IMMUTABLE is promised for the rules of
 * `unaccent`: who changes these must build the index anew. Letters without accents, as most texts are, are told by their length.
 */
export const foldFunction = /* sql */ `
CREATE FUNCTION search_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN octet_length($1) = char_length($1) THEN lower($1)
  ELSE lower(unaccent('unaccent'::regdictionary, lower(upper(normalize($1)))) COLLATE "C") END;
`;

/**
 * One text per customer, written with its snapshot (src/search/search-text.sql.ts), and one index for everything that is a
 * piece of a text or a value out of few. Measured with 100,000 customers: 24 µs of a processor for each customer that is
 * inserted, where without the list of pending entries it would be 110 µs; a search reads at most 1 MB of these one by one.
 * By itself, and no column of the snapshot: an order rewrites that, and would write its 80 trigrams anew each time.
 */
export const searchTable = /* sql */ `
CREATE TABLE customer_search (
  owner_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  text text NOT NULL,
  rest text NOT NULL,
  facets text[] NOT NULL,
  PRIMARY KEY (owner_id, customer_id),
  FOREIGN KEY (owner_id, customer_id) REFERENCES customer ON DELETE CASCADE
) WITH (fillfactor = 90);
ALTER TABLE customer_search ALTER owner_id SET (n_distinct = 20), ALTER text SET STATISTICS 500;
CREATE INDEX customer_search_idx ON customer_search USING gin (owner_id, text gin_trgm_ops, rest gin_trgm_ops, facets)
  WITH (gin_pending_list_limit = 1024);
${guardOwned('customer_search')}
ALTER TABLE customer_search NO FORCE ROW LEVEL SECURITY; -- for its view, see below
`;

/**
 * As src/search/search-text.sql.ts said it when this migration was made; that file keeps it from then on. As the role that sees
 * every owner: the policies bind the tables' owner too.
 */
export const fillSearch = /* sql */ `
SET LOCAL ROLE stamdata_system;
INSERT INTO customer_search (owner_id, customer_id, text, rest, facets)
SELECT c.owner_id, c.id, search_fold(concat_ws(E'\\n', '', c.name, c.first_name, c.last_name, c.corporate_name, c.code,
    c.email, c.mobile_e164, translate(c.mobile, ' -()', ''), c.telephone_e164, translate(c.telephone, ' -()', ''),
    c.fax_e164, translate(c.fax, ' -()', ''), c.vat_number, c.tax_code, linked.texts, '')),
  search_fold(concat_ws(E'\\n', c.accounting_email, c.certified_email, c.emergency_number, c.accounting_code, c.sdi_code,
    c.address, c.postal_code, c.city)),
  array_remove(ARRAY['city=' || search_fold(c.city), 'postalCode=' || search_fold(c.postal_code), 'country=' || c.country, 'language=' || c.language, 'currency=' || c.currency,
    'birthYear=' || c.birth_year, 'birthMonth=' || c.birth_month, 'birthDay=' || c.birth_day,
    'sex=' || nullif(c.sex, 0), 'vatStatus=' || nullif(c.vat_status, 'DOMESTIC'),
    'vatNumberCheck=' || nullif(c.vat_number_check, 'UNCHECKED'), 'taxCodeCheck=' || nullif(c.tax_code_check, 'UNCHECKED'),
    'bookingOnline=' || c.booking_online, 'blockedInDeadline=' || c.blocked_in_deadline, 'creditCard=' || c.credit_card,
    'forceContextualPayment=' || c.force_contextual_payment, 'customerHomepage=' || c.customer_homepage,
    'paymentDate=' || c.payment_date, 'prepaymentDays=' || c.prepayment_days, 'markupHotelsWeb=' || c.markup_hotels_web,
    'markupCarsWeb=' || c.markup_cars_web, 'markupTransfersWeb=' || c.markup_transfers_web,
    'markupToursWeb=' || c.markup_tours_web, 'markupGenericServicesWeb=' || c.markup_generic_services_web,
    'excluded=' || nullif(c.excluded, false), 'enabled=' || nullif(c.enabled, true)], NULL)
FROM customer c CROSS JOIN LATERAL (
  SELECT string_agg(line, E'\\n') AS texts FROM (
    SELECT concat_ws(E'\\n', value_e164, CASE WHEN kind = 'EMAIL' THEN value ELSE translate(value, ' -()', '') END) AS line
    FROM contact_info WHERE owner_id = c.owner_id AND customer_id = c.id AND value IS NOT NULL
    UNION ALL SELECT identifier FROM external_reference WHERE owner_id = c.owner_id AND customer_id = c.id) AS lines) linked;
RESET ROLE;
`;

/**
 * What lists are ordered by, with indexes (owner, value, id). All of it is generated, so that nobody can forget it, and an update
 * that leaves the values alone stays in the page. All are of types whose comparisons are leakproof, so these indexes are used
 * below the policies: hence texts in the form of `where`, by code points, and a sum in hundredths, cut off at ±9 × 10^18.
 */
export const snapshotKeys = /* sql */ `
CREATE FUNCTION snapshot_moment(text) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN $1::timestamptz;
CREATE FUNCTION snapshot_day(text) RETURNS date LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN $1::date;
ALTER TABLE customer_snapshot
  ADD orders_total_count integer NOT NULL GENERATED ALWAYS AS ((body ->> 'ordersTotalCount')::integer) STORED,
  ADD orders_total_cents bigint NOT NULL GENERATED ALWAYS AS
    (least(greatest((body ->> 'ordersTotalValue')::numeric * 100, -9e18), 9e18)::bigint) STORED,
  ADD orders_last_date date GENERATED ALWAYS AS (snapshot_day(body ->> 'ordersLastDate')) STORED,
  ADD last_booking_at timestamptz GENERATED ALWAYS AS (snapshot_moment(body #>> '{lastBooking,startsAt}')) STORED,
  ADD next_booking_at timestamptz GENERATED ALWAYS AS (snapshot_moment(body #>> '{nextBooking,startsAt}')) STORED,
  ADD accepts_marketing_email boolean NOT NULL GENERATED ALWAYS AS ((body ->> 'acceptsMarketingEmail')::boolean) STORED,
  ADD accepts_marketing_sms boolean NOT NULL GENERATED ALWAYS AS ((body ->> 'acceptsMarketingSms')::boolean) STORED;
CREATE INDEX customer_snapshot_total_count_idx ON customer_snapshot (owner_id, orders_total_count, customer_id);
CREATE INDEX customer_snapshot_total_value_idx ON customer_snapshot (owner_id, orders_total_cents, customer_id);
CREATE INDEX customer_snapshot_last_date_idx ON customer_snapshot (owner_id, orders_last_date, customer_id);
CREATE INDEX customer_snapshot_last_booking_idx ON customer_snapshot (owner_id, last_booking_at, customer_id);
CREATE INDEX customer_snapshot_next_booking_idx ON customer_snapshot (owner_id, next_booking_at, customer_id);
CREATE INDEX customer_snapshot_email_consent_idx ON customer_snapshot (owner_id, customer_id) WHERE accepts_marketing_email;
CREATE INDEX customer_snapshot_sms_consent_idx ON customer_snapshot (owner_id, customer_id) WHERE accepts_marketing_sms;
`;

/** No index on updated_at: it changes with each write, and all other indexes would be written with it each time. */
export const customerKeys = /* sql */ `
-- in the order of the code points on every server, so that one index serves the look-up, the comparisons and the order
ALTER TABLE customer ALTER code_key TYPE text COLLATE "C",
  ADD name_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(upper(normalize(name)))) STORED,
  ADD last_name_key text COLLATE "C" GENERATED ALWAYS AS (lower(upper(normalize(last_name)))) STORED,
  ADD email_key text COLLATE "C" GENERATED ALWAYS AS (lower(upper(normalize(email)))) STORED;
-- of those that have one, which may be all: see 0011; an index that begins with the owner must not tempt whoever asks by id
CREATE INDEX customer_name_idx ON customer (owner_id, name_key, id) WHERE name_key IS NOT NULL;
CREATE INDEX customer_last_name_idx ON customer (owner_id, last_name_key, id) WHERE last_name_key IS NOT NULL;
CREATE INDEX customer_no_last_name_idx ON customer (owner_id, id) WHERE last_name_key IS NULL;
CREATE INDEX customer_email_idx ON customer (owner_id, email_key, id) WHERE email_key IS NOT NULL;
CREATE INDEX customer_no_email_idx ON customer (owner_id, id) WHERE email_key IS NULL;
CREATE INDEX customer_created_idx ON customer (owner_id, created_at, id) WHERE created_at IS NOT NULL;
-- with the customer, so that those of a tag can be read in the order of a list
DROP INDEX customer_tag_tag_idx;
CREATE INDEX customer_tag_tag_idx ON customer_tag (owner_id, tag_id, customer_id);
`;

/**
 * Through these lists read. Below a policy PostgreSQL uses an index only for comparisons that are leakproof, so that no function is
 * asked about rows of others; LIKE and @> are not, and next to one guarded table in a statement, each such criterion read all
 * that the owner has (0.6 s with a million customers). In a view of a role that may see every row, with the owner of the
 * transaction as a plain condition, it plans freely. Who names no owner still sees nothing, and the tables are guarded as before.
 * Callers give values, never functions.
 *
 * For `customer_search` that role is whoever owns the tables, by whom requests never work, and no policy is forced on them
 * there: only then PostgreSQL uses its statistics for LIKE, without which it takes every piece of a text for a rare one, and
 * fetched all 77,000 of a million customers whose name has "andersen" in it for a page of 50.
 */
export const listViews = /* sql */ `
DO $$ BEGIN EXECUTE format('GRANT CREATE ON SCHEMA %I TO stamdata_system', current_schema()); END $$;
${['customer', 'customer_snapshot', 'contact_info', 'external_reference', 'customer_tag', 'customer_search'].map(listView).join('')}
DO $$ BEGIN EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM stamdata_system', current_schema()); END $$;
`;

function listView(table: string): string {
  return `
CREATE VIEW listed_${table} AS
  SELECT * FROM ${table} WHERE owner_id = nullif(current_setting('app.owner_id', true), '')::bigint;
GRANT SELECT ON listed_${table} TO stamdata_app;
${table === 'customer_search' ? '' : `ALTER VIEW listed_${table} OWNER TO stamdata_system;`}`;
}
