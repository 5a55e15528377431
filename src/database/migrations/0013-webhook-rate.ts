import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** An endpoint may ask for as much as a process can send: 10,000 a second had become the narrowest place. */
export class WebhookRate1763800000013 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
ALTER TABLE webhook_endpoint
  DROP CONSTRAINT webhook_endpoint_rate_per_s_check,
  ADD CONSTRAINT webhook_endpoint_rate_per_s_check CHECK (rate_per_s BETWEEN 1 AND 100000);
`);
  }
}
