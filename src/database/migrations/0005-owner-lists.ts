import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** An owner's own lists for PARTNER rows: city codes (A25) and notification languages (A26). Null: no list, all that is well formed. */
export class OwnerLists1763800000005 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE owner ADD COLUMN known_cities text[], ADD COLUMN notify_languages text[]');
  }
}
