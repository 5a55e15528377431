import type { QueryRunner } from 'typeorm';
import { guardOwned } from './guard-owned.js';
import { ForwardMigration } from './forward-migration.js';

/** Templates: how an endpoint writes money (A50), and what it was sent last of each customer, for previews. */
export class WebhookLastBody1763800000003 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
ALTER TABLE webhook_endpoint ADD COLUMN money_decimal_comma boolean NOT NULL DEFAULT false;

-- Overwritten with every delivery, so there is room in the page for the next one (HOT), and no index on what changes.
CREATE TABLE webhook_last_body (
  owner_id bigint NOT NULL,
  endpoint_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  webhook_id text NOT NULL,
  body text NOT NULL CHECK (octet_length(body) <= 65536),
  sent_at timestamptz NOT NULL,
  PRIMARY KEY (owner_id, endpoint_id, customer_id),
  FOREIGN KEY (owner_id, endpoint_id) REFERENCES webhook_endpoint ON DELETE CASCADE,
  FOREIGN KEY (owner_id, customer_id) REFERENCES customer ON DELETE CASCADE
) WITH (fillfactor = 70);
CREATE INDEX webhook_last_body_customer_idx ON webhook_last_body (owner_id, customer_id);
`);
    await queryRunner.query(guardOwned('webhook_last_body'));
  }
}
