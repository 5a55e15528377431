import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** Which key has taken the place of one that was rotated. */
export class KeyRotation1763800000020 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
ALTER TABLE api_key ADD COLUMN replaced_by bigint REFERENCES api_key (id);
CREATE INDEX api_key_replaced_by ON api_key (replaced_by) WHERE replaced_by IS NOT NULL;
`);
  }
}
