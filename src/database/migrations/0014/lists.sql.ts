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
 * inserted, where without the list of pending entries it would be 110 µs; 1 MB of these is what a search reads one by one
 * at most. By itself, and no column of the snapshot: an order rewrites that, and would write its 80 trigrams anew each time.
 * The snapshot's columns are generated, so that nobody can forget them, and an update that leaves them alone stays in the page.
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
${guardOwned('customer_search')}`;

/** As src/search/search-text.sql.ts said it when this migration was made; that file keeps it from then on. */
export const fillSearch = /* sql */ `
INSERT INTO customer_search (owner_id, customer_id, text, rest, facets)
SELECT c.owner_id, c.id, search_fold(concat_ws(E'\\n', '', c.name, c.first_name, c.last_name, c.corporate_name, c.code,
    c.email, c.mobile_e164, translate(c.mobile, ' -()', ''), c.telephone_e164, translate(c.telephone, ' -()', ''),
    c.fax_e164, translate(c.fax, ' -()', ''), c.vat_number, c.tax_code, linked.texts, '')),
  search_fold(concat_ws(E'\\n', c.accounting_email, c.certified_email, c.emergency_number, c.accounting_code, c.sdi_code,
    c.address, c.postal_code, c.city)),
  array_remove(ARRAY['country=' || c.country, 'language=' || c.language, 'currency=' || c.currency,
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
`;

export const snapshotKeys = /* sql */ `
CREATE FUNCTION snapshot_moment(text) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN $1::timestamptz;
CREATE FUNCTION snapshot_day(text) RETURNS date LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN $1::date;
ALTER TABLE customer_snapshot
  ADD orders_total_count integer NOT NULL GENERATED ALWAYS AS ((body ->> 'ordersTotalCount')::integer) STORED,
  ADD orders_total_value numeric NOT NULL GENERATED ALWAYS AS ((body ->> 'ordersTotalValue')::numeric) STORED,
  ADD orders_last_date date GENERATED ALWAYS AS (snapshot_day(body ->> 'ordersLastDate')) STORED,
  ADD last_booking_at timestamptz GENERATED ALWAYS AS (snapshot_moment(body #>> '{lastBooking,startsAt}')) STORED,
  ADD next_booking_at timestamptz GENERATED ALWAYS AS (snapshot_moment(body #>> '{nextBooking,startsAt}')) STORED,
  ADD accepts_marketing_email boolean NOT NULL GENERATED ALWAYS AS ((body ->> 'acceptsMarketingEmail')::boolean) STORED,
  ADD accepts_marketing_sms boolean NOT NULL GENERATED ALWAYS AS ((body ->> 'acceptsMarketingSms')::boolean) STORED;
CREATE INDEX customer_snapshot_total_count_idx ON customer_snapshot (owner_id, orders_total_count, customer_id);
CREATE INDEX customer_snapshot_total_value_idx ON customer_snapshot (owner_id, orders_total_value, customer_id);
CREATE INDEX customer_snapshot_last_date_idx ON customer_snapshot (owner_id, orders_last_date, customer_id);
CREATE INDEX customer_snapshot_last_booking_idx ON customer_snapshot (owner_id, last_booking_at, customer_id);
CREATE INDEX customer_snapshot_next_booking_idx ON customer_snapshot (owner_id, next_booking_at, customer_id);
CREATE INDEX customer_snapshot_email_consent_idx ON customer_snapshot (owner_id, customer_id) WHERE accepts_marketing_email;
CREATE INDEX customer_snapshot_sms_consent_idx ON customer_snapshot (owner_id, customer_id) WHERE accepts_marketing_sms;
`;

/** No index on updated_at: it changes with each write, and all other indexes would be written with it each time. */
export const customerIndexes = /* sql */ `
-- in the order of the code points on every server, so that one index serves the look-up, the comparisons and the order
ALTER TABLE customer ALTER code_key TYPE text COLLATE "C";
CREATE INDEX customer_name_idx ON customer (owner_id, (lower(upper(normalize(name))) COLLATE "C"), id);
CREATE INDEX customer_last_name_idx ON customer (owner_id, (lower(upper(normalize(last_name))) COLLATE "C"), id);
CREATE INDEX customer_email_idx ON customer (owner_id, (lower(upper(normalize(email))) COLLATE "C"), id);
CREATE INDEX customer_created_idx ON customer (owner_id, created_at, id);
-- with the customer, so that those of a tag can be read in the order of a list
DROP INDEX customer_tag_tag_idx;
CREATE INDEX customer_tag_tag_idx ON customer_tag (owner_id, tag_id, customer_id);
`;

/**
 * Through these the lists read. Below a policy PostgreSQL uses an index only for comparisons that are leakproof, so that no
 * function is asked about rows of others; LIKE, @>, lower() and the comparisons of numeric are not, and each such criterion
 * read all that the owner has. A view of a role that sees every row, with the owner of the transaction as a plain condition, is
 * planned without that caution. Who names no owner still sees nothing. The hub's own statements are all that is asked here:
 * callers give values, never functions.
 */
export const createViews = /* sql */ `
${['customer', 'customer_snapshot', 'customer_search'].map(view).join('\n')}
DO $$ BEGIN EXECUTE format('GRANT CREATE ON SCHEMA %I TO stamdata_system', current_schema()); END $$;
${['customer', 'customer_snapshot', 'customer_search'].map((table) => `ALTER VIEW listed_${table} OWNER TO stamdata_system;`).join('\n')}
DO $$ BEGIN EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM stamdata_system', current_schema()); END $$;
`;

function view(table: string): string {
  return /* sql */ `
CREATE VIEW listed_${table} AS
  SELECT * FROM ${table} WHERE owner_id = nullif(current_setting('app.owner_id', true), '')::bigint;
GRANT SELECT ON listed_${table} TO stamdata_app;`;
}
