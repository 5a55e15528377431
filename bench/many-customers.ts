import type pg from 'pg';
import { insertSearch } from '../src/search/search-text.sql.js';
import { snapshotSelect } from '../src/snapshot/snapshot.sql.js';

const part = 50_000;

/**
 * Fills an owner that has no customers with `count` of them, made by SQL alone: each with master data, 2 contact infos, a
 * reference in SHOP, 2 of 10 tags, a consent, 2 orders, 2 bookings and its snapshot. The same data every time: the n-th has the
 * code C-n and the identifier S-n. `client` is a superuser's: foreign keys that hold by construction are not checked again.
 */
export async function makeCustomers(client: pg.Client, ownerId: string, count: number): Promise<void> {
  await client.query("SET session_replication_role = 'replica'; SET synchronous_commit = off");
  await client.query(
    `WITH shop AS (INSERT INTO external_system (owner_id, code, name) VALUES ($1, 'SHOP', 'Shop'))
     INSERT INTO tag (owner_id, name, name_key) SELECT $1, 'Tag ' || n, 'tag ' || n FROM generate_series(1, 10) n`,
    [ownerId],
  );
  for (let from = 0; from < count; from += part) await makePart(client, ownerId, from, Math.min(from + part, count));
  await client.query('RESET session_replication_role; RESET synchronous_commit');
  await client.query('VACUUM (ANALYZE)'); // as autovacuum has done on a hub that is older than a few minutes
}

async function makePart(client: pg.Client, ownerId: string, from: number, to: number): Promise<void> {
  await client.query('BEGIN');
  const made = await client.query<{ id: string }>(
    `INSERT INTO customer (owner_id, code, code_key, type, name, first_name, last_name, sex, birth_year, email, mobile,
       mobile_e164, address, postal_code, city, country)
     SELECT $1, 'C-' || n, 'c-' || n, 'PERSON', first || ' ' || last || ' ' || n, first, last, n % 3, 1940 + n % 60,
       lower(first) || '.' || lower(last) || n || '@example.com', '+45 ' || (20000000 + n), '+45' || (20000000 + n),
       'Street ' || n % 500, (1000 + n % 8999)::text, 'City ' || n % 300, 'DK'
     FROM (
       SELECT n, (${array(firstNames)})[1 + n % ${firstNames.length}] AS first, (${array(lastNames)})[1 + n / 10 % ${lastNames.length}] AS last
       FROM generate_series($2::int, $3::int - 1) n) AS named
     ORDER BY n RETURNING id`,
    [ownerId, from, to],
  );
  const ids = made.rows.map(({ id }) => id);
  for (const text of [...perCustomer, insertSearch('= ANY ($2::bigint[])')]) await client.query(text, [ownerId, ids]);
  await storeSnapshots(client, ownerId, ids);
  await client.query('COMMIT');
}

const firstNames = ['Ada', 'Björn', 'Carla', 'Dorthe', 'Émile', 'Frida', 'Günter', 'Helle', 'Inês', 'Jørgen'];
const lastNames = [
  ...['Andersen', 'Bøgh', 'Christensen', 'Dupont', 'Eriksson', 'Ferrari', 'García', 'Hansen', 'Ibsen', 'Jensen'],
  ...['Krüger', 'Lund', 'Møller'],
];
/** Of the n-th customer. */
export const firstNameOf = (n: number): string => firstNames[n % firstNames.length]!;
export const lastNameOf = (n: number): string => lastNames[Math.floor(n / 10) % lastNames.length]!;
const array = (texts: string[]) => `ARRAY[${texts.map((text) => `'${text}'`).join(', ')}]`;

const customers = `(SELECT id, substring(code FROM 3)::int AS n FROM customer WHERE owner_id = $1 AND id = ANY ($2::bigint[])) c`;
/** Around which everything of the customers happens. */
export const newYear = `timestamptz '2026-01-01 12:00Z'`;

/** What hangs on the customers $2 of owner $1. */
const perCustomer = [
  `INSERT INTO contact_info (owner_id, customer_id, kind, value)
   SELECT $1, id, kind, CASE kind WHEN 'EMAIL' THEN 'second' || n || '@example.org' ELSE '+45 ' || 30000000 + n END
   FROM ${customers}, unnest(ARRAY['EMAIL', 'MOBILE']) kind ORDER BY id`,
  `INSERT INTO external_reference (owner_id, customer_id, system_id, identifier)
   SELECT $1, c.id, s.id, 'S-' || n FROM ${customers}, external_system s WHERE s.owner_id = $1 AND s.code = 'SHOP' ORDER BY c.id`,
  `INSERT INTO customer_tag (owner_id, customer_id, tag_id)
   SELECT $1, c.id, t.id
   FROM ${customers} JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM tag WHERE owner_id = $1) t
     ON t.place IN (n % 10, (n + 1 + n / 10 % 9) % 10)
   ORDER BY c.id`,
  `INSERT INTO consent (owner_id, customer_id, channel, accepted, occurred_at)
   SELECT $1, id, 'EMAIL', n % 2 = 0, ${newYear} - n % 1000 * interval '1 hour' FROM ${customers} ORDER BY id`,
  `INSERT INTO customer_order (owner_id, customer_id, channel, kind, number, status, paid, ordered_at, currency, total_value, total_value_ex_vat)
   SELECT $1, id, 'ONLINE', 'ONLINE_ORDER', n || '-' || k, 'PROCESSED', true, ${newYear} - (n % 1000 + k) * interval '1 day', 'EUR',
     10 + n % 990, (10 + n % 990) * 0.8
   FROM ${customers}, generate_series(1, 2) k ORDER BY id`,
  `INSERT INTO order_totals (owner_id, customer_id, count, value, value_ex_vat)
   SELECT $1, id, 2, 2 * (10 + n % 990), 1.6 * (10 + n % 990) FROM ${customers} ORDER BY id`,
  `INSERT INTO booking (owner_id, customer_id, number, service, starts_at, ends_at, notify)
   SELECT $1, id, n || '-' || k, 'Room ' || n % 40, t, t + interval '1 day', false
   FROM ${customers}, LATERAL (
     VALUES (1, ${newYear} - n % 700 * interval '1 day'), (2, ${newYear} + (3652 + n % 700) * interval '1 day')) AS b (k, t)
   ORDER BY id`,
];

/** Computes and stores the snapshots of customers. */
export async function storeSnapshots(client: pg.Client, ownerId: string, ids: string[]): Promise<void> {
  await client.query(
    `INSERT INTO customer_snapshot (owner_id, customer_id, version, body, clock_due_at)
     SELECT $1, id, version, body, clock_due_at FROM (${snapshotSelect}) AS computed ORDER BY id`,
    [ownerId, ids, null],
  );
}
