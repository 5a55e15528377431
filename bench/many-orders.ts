import type pg from 'pg';
import { newYear, storeSnapshots } from './many-customers.js';

/** More orders of one customer, with the kept totals and a snapshot of them. */
export async function makeOrders(client: pg.Client, ownerId: string, id: string, count: number): Promise<void> {
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO customer_order (owner_id, customer_id, channel, kind, number, status, paid, ordered_at, currency, total_value, total_value_ex_vat)
     SELECT $1, $2::bigint, 'ONLINE', 'ONLINE_ORDER', $2::bigint || '/' || n, 'PROCESSED', true, ${newYear} - n * interval '1 minute', 'EUR', 100, 80
     FROM generate_series(1, $3::int) n`,
    [ownerId, id, count],
  );
  await client.query(
    `INSERT INTO order_totals (owner_id, customer_id, count, value, value_ex_vat) VALUES ($1, $2, $3::int, 100 * $3::int, 80 * $3::int)
     ON CONFLICT (owner_id, customer_id) DO UPDATE SET count = order_totals.count + excluded.count,
       value = order_totals.value + excluded.value, value_ex_vat = order_totals.value_ex_vat + excluded.value_ex_vat`,
    [ownerId, id, count],
  );
  await client.query('DELETE FROM customer_snapshot WHERE owner_id = $1 AND customer_id = $2', [ownerId, id]);
  await storeSnapshots(client, ownerId, [id]);
  await client.query('COMMIT');
}
