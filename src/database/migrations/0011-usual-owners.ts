import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/**
 * How PostgreSQL finds a customer by its id, in the checks of foreign keys above all.
 *
 * - It takes any index that begins with the owner for as good as the primary key while it expects a single row of the owner,
 *   and reads all of them then. An index of those that have a code, which is all, is of no use to whoever asks by id.
 * - It counts how many owners a table has, to plan what it does for one of them. While each has a row or two, it takes that
 *   for the nature of owners, however long the table grows. It is told a number of owners here, which only says how many rows
 *   to expect of one: a twentieth.
 */
export class UsualOwners1763800000011 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX customer_code_key;
      CREATE UNIQUE INDEX customer_code_key ON customer (owner_id, code_key) WHERE code_key IS NOT NULL`);
    for (const table of tables) await queryRunner.query(`ALTER TABLE ${table} ALTER owner_id SET (n_distinct = 20)`);
  }
}

/** Those that bulk calls and imports fill. */
const tables = [
  'customer',
  'customer_user',
  'contact_info',
  'external_reference',
  'tag',
  'customer_tag',
  'consent',
  'customer_order',
  'order_line',
  'booking',
  'booking_history',
  'customer_snapshot',
  'outbox',
];
