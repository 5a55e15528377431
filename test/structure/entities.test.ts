import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source.js';
import { entities } from '../../src/database/entities.js';
import { cloneDatabase, type Clone } from '../database-clone.js';

/** Tables of machines, and links of two ids: read and written by SQL alone. */
const withoutEntity = [
  ...[
    'api_key_owner',
    'bulk_operation_result',
    'customer_search',
    'customer_snapshot',
    'customer_tag',
    'feed',
    'feed_head',
    'guest_feed_secret',
    'guest_feed_stay',
    'hub_setting',
    'idempotency',
    'migration',
    'order_totals',
    'outbox',
    'batch_summary',
  ],
  ...['webhook_cursor', 'webhook_last_body', 'webhook_notice', 'webhook_parked', 'webhook_secret', 'webhook_tally'],
  'webhook_told',
  'webhook_replay_part',
];
/** Columns that no object has: what must not leave by accident, and what only a statement needs. */
const withoutProperty = [
  'customer.name_key',
  'customer.last_name_key',
  'customer.email_key',
  'customer_order.counted',
  'api_key.secret_hash',
  'audit_entry.customers',
  'bulk_operation.content_hash',
  'bulk_operation.delivery',
  'bulk_operation.lease_owner',
  'bulk_operation.lease_until',
  'bulk_operation.settings_hash',
  'customer_user.password_hash',
  'customer_user.password_sealed',
  'guest_feed_run.lease_owner',
  'guest_feed_run.lease_until',
  'webhook_endpoint.resharding',
];

let clone: Clone;
let source: DataSource;
let columns: { table: string; name: string; nullable: boolean; type: string; generated: boolean }[];
beforeAll(async () => {
  clone = await cloneDatabase();
  source = await createDataSource(clone.connection, 1, entities).initialize();
  columns = await clone.sql(
    `SELECT c.relname AS table, a.attname AS name, NOT a.attnotnull AS nullable, format_type(a.atttypid, NULL) AS type,
       a.attidentity <> '' OR a.attgenerated <> '' AS generated
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped`,
  );
});
afterAll(async () => {
  await source.destroy();
  await clone.drop();
});

test('architecture 2: every table has an entity, or is named as one that needs none; every entity has its table', () => {
  const tables = new Set(columns.map(({ table }) => table));
  expect([...source.entityMetadatas.map(({ tableName }) => tableName), ...withoutEntity].sort()).toEqual(
    [...tables].sort(),
  );
});

test('architecture 2: every column has a property, or is named as one that must have none; every property has its column', () => {
  for (const { tableName, columns: properties } of source.entityMetadatas) {
    const stored = columns.filter(({ table }) => table === tableName).map(({ name }) => name);
    const hidden = stored.filter((name) => withoutProperty.includes(`${tableName}.${name}`));
    expect([...properties.map(({ databaseName }) => databaseName), ...hidden].sort(), tableName).toEqual(stored.sort());
  }
});

test('architecture 2: a property is nullable where its column is, and of its type', () => {
  const differing: string[] = [];
  for (const { tableName, columns: properties } of source.entityMetadatas)
    for (const property of properties) {
      const column = columns.find(({ table, name }) => table === tableName && name === property.databaseName);
      if (!column) continue; // told by the test above
      const type = sqlType(property.type as string) + (property.isArray ? '[]' : '');
      if (type !== column.type || property.isNullable !== column.nullable)
        differing.push(
          `${tableName}.${column.name}: ${type} ${property.isNullable} is ${column.type} ${column.nullable}`,
        );
    }
  expect(differing).toEqual([]);
});

test('architecture 2: keys of the entities are keys of the tables', async () => {
  for (const { tableName, primaryColumns } of source.entityMetadatas) {
    const [key] = await clone.sql<{ columns: string[] }>(
      `SELECT array_agg(a.attname::text) AS columns FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
       WHERE k.contype = 'p' AND k.conrelid = $1::regclass`,
      [tableName],
    );
    expect(primaryColumns.map(({ databaseName }) => databaseName).sort(), tableName).toEqual(key!.columns.sort());
  }
});

/** TypeORM's words for PostgreSQL's. */
const sqlType = (type: string): string => ({ timestamptz: 'timestamp with time zone', int: 'integer' })[type] ?? type;
