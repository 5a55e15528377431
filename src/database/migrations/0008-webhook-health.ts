import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';
import { guardOwned } from './guard-owned.js';

/** What an operator sees of an endpoint: whether it fails and was told to, how often it succeeds, and who is told. */
export class WebhookHealth1763800000008 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
ALTER TABLE webhook_endpoint
  ADD COLUMN operational_events boolean NOT NULL DEFAULT false,
  -- What was told of it: 0 nothing, 1 customers fail, 2 the breaker stays open, 3 no success for a day.
  ADD COLUMN failure_level smallint NOT NULL DEFAULT 0 CHECK (failure_level BETWEEN 0 AND 3),
  ADD COLUMN failing_since timestamptz,
  ADD COLUMN failing_reason text,
  ADD CHECK ((failure_level = 0) = (failing_since IS NULL) AND (failure_level = 0) = (failing_reason IS NULL));
CREATE INDEX webhook_endpoint_failing_idx ON webhook_endpoint (owner_id, id) WHERE failure_level > 0;

-- Failures are looked for among millions of successes.
CREATE INDEX webhook_attempt_failed_idx ON webhook_attempt (owner_id, endpoint_id, id) WHERE state <> 'SUCCEEDED';

-- Operational events that an endpoint has still to be told; about_id is no reference: what is told outlives it.
CREATE TABLE webhook_notice (
  owner_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  endpoint_id bigint NOT NULL,
  about_id bigint NOT NULL,
  type text NOT NULL CHECK (type LIKE 'webhook.endpoint.%'),
  body text NOT NULL,
  created_at timestamptz NOT NULL,
  attempt smallint NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  PRIMARY KEY (owner_id, id),
  FOREIGN KEY (owner_id, endpoint_id) REFERENCES webhook_endpoint ON DELETE CASCADE
);
CREATE INDEX webhook_notice_due_idx ON webhook_notice (next_at);
CREATE INDEX webhook_notice_order_idx ON webhook_notice (owner_id, endpoint_id, about_id, id);

-- Attempts by the hour, so that a success rate costs 24 rows and not a day's log. A row per shard: writers do not meet.
CREATE TABLE webhook_tally (
  owner_id bigint NOT NULL,
  endpoint_id bigint NOT NULL,
  shard smallint NOT NULL,
  hour timestamptz NOT NULL,
  succeeded integer NOT NULL,
  failed integer NOT NULL,
  PRIMARY KEY (owner_id, endpoint_id, shard, hour),
  FOREIGN KEY (owner_id, endpoint_id) REFERENCES webhook_endpoint ON DELETE CASCADE
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
`);
    await queryRunner.query(guardOwned('webhook_notice'));
    await queryRunner.query(guardOwned('webhook_tally'));
  }
}
