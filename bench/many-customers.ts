import type { Sql } from '../src/database/database.js';
import { snapshotSelect } from '../src/snapshot/snapshot.sql.js';

const part = 50_000;

/**
 * Fills an owner that has no customers with `count` of them, made by SQL alone: each with master data, 2 contact infos, a
 * reference, 2 of 10 tags, a consent, 2 orders, 2 bookings and its snapshot. The same data every time.
 */
export async function makeCustomers(sql: Sql, ownerId: string, count: number): Promise<void> {
  await sql.rows(`/* benchLists */ WITH made AS (INSERT INTO external_system (owner_id, code, name) VALUES ($1, 'SHOP', 'Shop'))
    INSERT INTO tag (owner_id, name, name_key) SELECT $1, 'Tag ' || n, 'tag ' || n FROM generate_series(1, 10) n`, [ownerId]);
  for (let from = 0; from < count; from += part) await makePart(sql, ownerId, from, Math.min(from + part, count));
}

async function makePart(sql: Sql, ownerId: string, from: number, to: number): Promise<void> {
  const [first] = await sql.rows<{ id: string }>(
    `/* benchCustomers */ WITH made AS (
       INSERT INTO customer (owner_id, code, code_key, type, name, first_name, last_name, sex, birth_year, email, mobile, mobile_e164, address, postal_code, city, country)
       SELECT $1, 'C-' || n, 'c-' || n, 'PERSON', f || ' ' || l || ' ' || n, f, l, n % 3, 1940 + n % 60,
         lower(f) || '.' || lower(l) || n || '@example.com', '+45 ' || (20000000 + n), '+45' || (20000000 + n), 'Street ' || n % 500, (1000 + n % 8999)::text, 'City ' || n % 300, 'DK'
       FROM (SELECT n, (ARRAY['Ada','Björn','Carla','Dorthe','Émile','Frida','Günter','Helle','Inês','Jørgen'])[1 + n % 10] AS f,
         (ARRAY['Andersen','Bøgh','Christensen','Dupont','Eriksson','Ferrari','García','Hansen','Ibsen','Jensen','Krüger','Lund','Møller'])[1 + n / 10 % 13] AS l
         FROM generate_series($2::int, $3::int - 1) n) AS row ORDER BY n RETURNING id)
     SELECT min(id) AS id FROM made`,
    [ownerId, from, to],
  );
  const ids = [ownerId, first!.id, to - from];
  const each = `(SELECT $2::bigint + n AS id, n FROM generate_series(0, $3::int - 1) n) c`;
  for (const text of [
    `/* benchContacts */ INSERT INTO contact_info (owner_id, customer_id, kind, value)
     SELECT $1, id, k, CASE k WHEN 'EMAIL' THEN 'second' || id || '@example.org' ELSE '+45 ' || 30000000 + id END FROM ${each}, unnest(ARRAY['EMAIL', 'MOBILE']) k`,
    `/* benchReferences */ INSERT INTO external_reference (owner_id, customer_id, system_id, identifier)
     SELECT $1, c.id, s.id, 'S' || c.id FROM ${each}, external_system s WHERE s.owner_id = $1 AND s.code = 'SHOP'`,
    `/* benchTags */ INSERT INTO customer_tag (owner_id, customer_id, tag_id)
     SELECT $1, c.id, t.id FROM ${each} JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM tag WHERE owner_id = $1) t ON t.place IN (c.id % 10, (c.id / 10 + 1 + c.id) % 10)`,
    `/* benchConsents */ INSERT INTO consent (owner_id, customer_id, channel, accepted, occurred_at)
     SELECT $1, id, 'EMAIL', id % 2 = 0, timestamptz '2026-01-01 12:00Z' - id % 1000 * interval '1 hour' FROM ${each}`,
    `/* benchOrders */ INSERT INTO customer_order (owner_id, customer_id, channel, kind, number, status, paid, ordered_at, currency, total_value, total_value_ex_vat)
     SELECT $1, id, 'ONLINE', 'ONLINE_ORDER', id || '-' || k, 'PROCESSED', true, timestamptz '2026-01-01 12:00Z' - (id % 1000 + k) * interval '1 day', 'EUR', 10 + id % 990, (10 + id % 990) * 0.8 FROM ${each}, generate_series(1, 2) k`,
    `/* benchBookings */ INSERT INTO booking (owner_id, customer_id, number, service, starts_at, ends_at, notify)
     SELECT $1, id, id || '-' || k, 'Room ' || id % 40, t, t + interval '1 day', false FROM ${each},
       LATERAL (SELECT k, CASE k WHEN 1 THEN timestamptz '2026-01-01 14:00Z' - id % 700 * interval '1 day' ELSE timestamptz '2036-01-01 14:00Z' + id % 700 * interval '1 day' END AS t FROM generate_series(1, 2) k) b`,
  ])
    await sql.rows(text, ids);
  await sql.rows(
    `/* benchSnapshots */ INSERT INTO customer_snapshot (owner_id, customer_id, version, body, clock_due_at)
     SELECT $1, id, version, body, clock_due_at FROM (${snapshotSelect}) AS computed`,
    [ownerId, Array.from({ length: to - from }, (_, i) => String(BigInt(first!.id) + BigInt(i))), null],
  );
}
