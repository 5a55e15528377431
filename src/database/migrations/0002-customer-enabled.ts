import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** `/api/customers/enable` and `/disable`: the state of a customer, and the way to it by the foreign code of a login (N20). */
export class CustomerEnabled1763800000002 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE customer ADD COLUMN enabled boolean NOT NULL DEFAULT true;
      CREATE INDEX customer_user_foreign_code_idx ON customer_user (owner_id, foreign_code) WHERE foreign_code IS NOT NULL;
    `);
  }
}
