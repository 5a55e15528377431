import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/**
 * PostgreSQL counts how many owners a table has, to plan what it does for one of them. While each has a row or two, it takes
 * that for the nature of owners, however long the table grows: so each of 10,000 look-ups reads all rows of the owner
 * that just got them. It is told a number of owners here, which only says how many rows to expect of one: a twentieth.
 */
export class UsualOwners1763800000012 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
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
