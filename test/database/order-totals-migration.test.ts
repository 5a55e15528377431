import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createDataSource } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/migrate.js';
import { migrations } from '../../src/database/migrations.js';

const database = `m_${randomBytes(6).toString('hex')}`;
const connection = () => ({ ...inject('postgres'), database });
let maintenance: pg.Client;
beforeAll(async () => {
  maintenance = new pg.Client(inject('postgres'));
  await maintenance.connect();
  await maintenance.query(`CREATE DATABASE ${database}`);
});
afterAll(async () => {
  await maintenance.query(`DROP DATABASE ${database} WITH (FORCE)`);
  await maintenance.end();
});

test('G16, G17: a hub that has orders already is given their totals by the migration', async () => {
  const old = createDataSource(connection(), 2);
  const added = migrations.findIndex(({ name }) => name.startsWith('OrderTotals'));
  await old.setOptions({ migrations: migrations.slice(0, added) }).initialize();
  await migrate(old);
  await old.query(`INSERT INTO owner (code, name, enabled_vat_statuses) VALUES ('AAA', 'A', '{}'), ('BBB', 'B', '{}')`);
  await old.query(`INSERT INTO customer (owner_id, code, code_key, type, name)
    SELECT o.id, n::text, n::text, 'PERSON', 'x' FROM owner o, generate_series(1, 3) n`);
  await old.query(`INSERT INTO customer_order (owner_id, customer_id, channel, kind, number, ordered_at, currency, exchange_rate, total_value, total_value_ex_vat)
    SELECT c.owner_id, c.id, 'POS', 'RECEIPT', c.code || '-' || n, now(), 'SEK', 0.5, 10.01, 8.1 * n FROM customer c, generate_series(1, 2) n
    WHERE c.code <> '3'
    UNION ALL SELECT c.owner_id, c.id, 'ONLINE', 'ONLINE_ORDER', 'unpaid-' || c.code, now(), 'SEK', 1, 99, 99 FROM customer c`);
  await old.destroy();
  const now = await createDataSource(connection(), 2).initialize();
  try {
    await migrate(now);
    const kept: object[] = await now.query(
      `SELECT o.code AS owner, c.code, t.count, t.value, t.value_ex_vat AS "exVat" FROM order_totals t
       JOIN owner o ON o.id = t.owner_id JOIN customer c ON c.owner_id = t.owner_id AND c.id = t.customer_id ORDER BY 1, 2`,
    );
    expect(kept).toEqual(
      ['AAA', 'BBB'].flatMap(
        (owner) => ['1', '2'].map((code) => ({ owner, code, count: 2, value: '10.02', exVat: '12.15' })), // 5.005 → 5.01; 4.05 + 8.10
      ),
    );
  } finally {
    await now.destroy();
  }
});
