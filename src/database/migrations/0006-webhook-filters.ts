import type { QueryRunner } from 'typeorm';
import { guardOwned } from './guard-owned.js';
import { ForwardMigration } from './forward-migration.js';

/** Webhook endpoints: conditions on the snapshot, origins that are left out, what follows a dead delivery, shards. */
export class WebhookFilters1763800000006 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
ALTER TABLE webhook_endpoint
  ADD COLUMN conditions jsonb,
  ADD COLUMN except_origins text[],
  ADD COLUMN on_dead text NOT NULL DEFAULT 'SKIP' CHECK (on_dead IN ('SKIP', 'BLOCK')),
  ADD COLUMN shards smallint NOT NULL DEFAULT 1 CHECK (shards BETWEEN 1 AND 16),
  -- Its cursors are still those of another number of shards: nobody serves it until they are made anew.
  ADD COLUMN resharding boolean NOT NULL DEFAULT false;
CREATE INDEX webhook_endpoint_resharding_idx ON webhook_endpoint (owner_id, id) WHERE resharding;

-- What the shards before had done beyond where these begin: [{ "shards": 2, "ackedPos": ["7", "9"] }].
ALTER TABLE webhook_cursor ADD COLUMN handled jsonb NOT NULL DEFAULT '[]';

ALTER TABLE webhook_parked
  ADD COLUMN tried_pos bigint, -- the event of the last attempt
  ADD COLUMN skip boolean NOT NULL DEFAULT false; -- a person wants the dispatcher to give the dead event up
CREATE INDEX webhook_parked_skip_idx ON webhook_parked (owner_id, endpoint_id, shard) WHERE skip;

-- Which customers an endpoint with conditions was told of. No reference to the customer: that it is gone has yet to be told.
CREATE TABLE webhook_told (
  owner_id bigint NOT NULL,
  endpoint_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  PRIMARY KEY (owner_id, endpoint_id, customer_id),
  FOREIGN KEY (owner_id, endpoint_id) REFERENCES webhook_endpoint ON DELETE CASCADE
);
`);
    await queryRunner.query(guardOwned('webhook_told'));
  }
}
