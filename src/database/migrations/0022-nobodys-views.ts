import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/**
 * The views of lists (0014) give PostgreSQL the choice in which order it judges a row, so that a condition which fails on what
 * stands in it could tell a value of somebody's in its error before the owner was looked at. That there is an owner at all is
 * now judged once, in front of the view: who names none has no row read.
 */
export class NobodysViews1763800000022 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of listed) await queryRunner.query(nobodysView(table));
  }
}

const listed = [
  'customer',
  'customer_snapshot',
  'contact_info',
  'external_reference',
  'customer_tag',
  'customer_search',
];

const nobodysView = (table: string): string => `
CREATE OR REPLACE VIEW listed_${table} AS SELECT * FROM ${table}
  WHERE nullif(current_setting('app.owner_id', true), '') IS NOT NULL
    AND owner_id = nullif(current_setting('app.owner_id', true), '')::bigint`;
