import { insertSearch } from '../../src/search/search-text.sql.js';
import pg from 'pg';
import type { Clone } from '../database-clone.js';

/** How many customers `manyCustomers` makes; the one at `mark` has values that few others have. */
export const many = 100_000;
export const mark = 77_000;

/** n as the words of a number that share no pieces with their neighbours. */
const mixed = '(n::bigint * 7919 % 99999989)';
const rare = (value: string) => `CASE WHEN n % 1000 = 0 THEN ${value} END`;

/**
 * Fills an owner by SQL alone, without the checks of foreign keys: a few seconds. Every field has a value in the customer
 * `mark`, most have one in few others.
 */
export async function manyCustomers({ connection }: Clone, ownerId: string): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await fill(client, ownerId);
  } finally {
    await client.end();
  }
}

async function fill(client: pg.Client, ownerId: string): Promise<void> {
  await client.query('SET session_replication_role = replica');
  for (const text of [
    `INSERT INTO customer (owner_id, id, code, code_key, version, type, name, first_name, last_name, corporate_name, sex,
       birth_year, birth_month, birth_day, email, mobile, mobile_e164, telephone, telephone_e164, fax, fax_e164, address,
       postal_code, city, country, language, currency, vat_number, vat_number_check, tax_code, tax_code_check, vat_status,
       booking_online, blocked_in_deadline, credit_card, force_contextual_payment, customer_homepage, payment_date,
       prepayment_days, markup_hotels_web, markup_cars_web, markup_transfers_web, markup_tours_web, markup_generic_services_web,
       sdi_code, accounting_code, accounting_email, certified_email, emergency_number, excluded, enabled, created_at, updated_at)
     OVERRIDING SYSTEM VALUE SELECT $1, n, 'C-' || ${mixed}, 'c-' || ${mixed}, 1 + n % 3, CASE WHEN n % 2 = 0 THEN 'COMPANY' ELSE 'PERSON' END,
       (ARRAY['Anna', 'Bjørn', 'Émile'])[1 + n % 3] || ' ' || to_hex(${mixed}) || ' Berg', 'Fore' || to_hex(${mixed}),
       'Last' || to_hex(${mixed}), ${rare("'Corporation ' || n")}, CASE WHEN n % 1000 = 0 THEN 9 ELSE 0 END,
       CASE WHEN n % 1000 = 0 THEN 1901 ELSE 1950 + n % 50 END, ${rare('5')}, ${rare('17')}, 'mail' || ${mixed} || '@x.example',
       '+45 ' || ${mixed}, '+45' || ${mixed}, ${rare("'+46 ' || n")}, ${rare("'+46' || n")}, ${rare("'+47 ' || n")}, ${rare("'+47' || n")},
       'Street ' || ${mixed}, lpad((n % 5000)::text, 5, '0'), 'Town ' || n % 5000, CASE WHEN n % 1000 = 0 THEN 'IS' ELSE 'DK' END,
       ${rare("'is'")}, ${rare("'ISK'")}, 'V' || ${mixed}, CASE WHEN n % 1000 = 0 THEN 'INVALID' ELSE 'UNCHECKED' END,
       'T' || ${mixed}, CASE WHEN n % 1000 = 0 THEN 'INVALID' ELSE 'UNCHECKED' END, CASE WHEN n % 1000 = 0 THEN 'OUTSIDE_EU' ELSE 'DOMESTIC' END,
       ${rare('true')}, ${rare('true')}, ${rare('true')}, ${rare('true')}, ${rare("'HOME'")}, ${rare("'topay'")},
       ${rare('7')}, ${rare('8')}, ${rare('9')}, ${rare('10')}, ${rare('11')}, ${rare('12')}, ${rare("'KRRH' || lpad((n / 1000)::text, 3, '0')")},
       ${rare("'Account ' || n")}, ${rare("'account' || n || '@x.example'")}, ${rare("'pec' || n || '@x.example'")}, ${rare("'112' || n")},
       n % 1000 = 1, n % 1000 <> 0, timestamptz '2026-01-01 00:00Z' + n * interval '1 minute', timestamptz '2026-06-01 00:00Z' + n % 2 * n * interval '1 minute'
     FROM generate_series(1, ${many}) n`,
    `INSERT INTO customer_snapshot (owner_id, customer_id, version, body)
     SELECT $1, n, 1, jsonb_build_object('customerId', n::text, 'tags', '[]'::jsonb, 'ordersTotalCount', n % 1009, 'ordersTotalValue', (n * 3.17)::text,
       'ordersLastDate', CASE WHEN n % 2 = 0 THEN date '2000-01-01' + n / 20 END,
       'lastBooking', CASE WHEN n % 2 = 0 THEN jsonb_build_object('startsAt', timestamptz '2020-01-01 00:00Z' + n * interval '1 minute') END,
       'nextBooking', CASE WHEN n % 2 = 0 THEN jsonb_build_object('startsAt', timestamptz '2040-01-01 00:00Z' + n * interval '1 minute') END,
       'acceptsMarketingEmail', n % 1000 = 0, 'acceptsMarketingSms', n % 1000 = 0)
     FROM generate_series(1, ${many}) n`,
    `INSERT INTO external_reference (owner_id, customer_id, system_id, identifier)
     SELECT $1, n, s.id, 'W' || ${mixed} FROM generate_series(1000, ${many}, 10) n, external_system s WHERE s.owner_id = $1 AND s.number = '6'`,
    `INSERT INTO tag (owner_id, id, name, name_key) OVERRIDING SYSTEM VALUE VALUES ($1, 1, 'Rare', 'rare'), ($1, 2, 'Usual', 'usual')`,
    `INSERT INTO customer_tag (owner_id, customer_id, tag_id) SELECT $1, n, CASE WHEN n % 1000 = 0 THEN 1 ELSE 2 END FROM generate_series(1, ${many}) n`,
    `INSERT INTO contact_info (owner_id, customer_id, kind, value) SELECT $1, n, 'EMAIL', 'info' || n || '@y.example' FROM generate_series(10, ${many}, 10) n`,
  ])
    await client.query(text, [ownerId]);
  // an index that is built at once takes half the time of one that grows
  const { rows } = await client.query<{ definition: string }>(
    `SELECT pg_get_indexdef('customer_search_idx'::regclass) AS definition`,
  );
  await client.query('DROP INDEX customer_search_idx');
  await client.query(insertSearch('= ANY ($2::bigint[])'), [
    ownerId,
    Array.from({ length: many }, (_, i) => String(i + 1)),
  ]);
  await client.query(rows[0]!.definition);
  await client.query('VACUUM ANALYZE');
}
