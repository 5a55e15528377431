import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** An import whose process is gone is ended by another one, which has to know how webhook receivers were to be told of it. */
export class ImportDelivery1763800000012 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE bulk_operation ADD COLUMN delivery text CHECK (delivery IN ('LATEST', 'SUMMARY'));
      CREATE INDEX bulk_operation_running_idx ON bulk_operation (lease_until) WHERE state = 'RUNNING'`);
  }
}
