import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';
import { guardOwned } from './guard-owned.js';

/**
 * Large batches: ids of customers are drawn before they are inserted, so that what hangs on them can follow without waiting
 * for an answer; and events say how their batch is to be told to webhook receivers.
 */
export class BatchDelivery1763800000010 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
GRANT USAGE ON SEQUENCE customer_id_seq TO stamdata_app, stamdata_system;

-- Null: as the endpoint's mode says.
ALTER TABLE outbox ADD COLUMN delivery text CHECK (delivery IN ('LATEST', 'SUMMARY'));
ALTER TABLE feed ADD COLUMN delivery text CHECK (delivery IN ('LATEST', 'SUMMARY'));

-- What is to be told of batches as a whole: written with them, taken by whoever tells the webhook endpoints.
CREATE TABLE batch_summary (
  owner_id bigint NOT NULL REFERENCES owner,
  id bigint GENERATED ALWAYS AS IDENTITY (CACHE 1),
  reasons text[] NOT NULL,
  origin text,
  body text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (owner_id, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

ALTER TABLE webhook_notice
  DROP CONSTRAINT webhook_notice_type_check,
  ADD CONSTRAINT webhook_notice_type_check CHECK (type LIKE 'webhook.endpoint.%' OR type = 'customers.bulk');

`);
    await queryRunner.query(guardOwned('batch_summary'));
  }
}
