import type { QueryRunner } from 'typeorm';
import { guardOwned } from './guard-owned.js';
import { ForwardMigration } from './forward-migration.js';

/** Replays of webhook deliveries (delivery-design B.7): what was asked for, and how far each shard has got with it. */
export class WebhookReplay1763800000007 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(tables);
    for (const table of ['webhook_replay', 'webhook_replay_part']) await queryRunner.query(guardOwned(table));
  }
}

const tables = /* sql */ `
CREATE TABLE webhook_replay (
  owner_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  endpoint_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('EVENTS', 'DEAD', 'CURRENT_STATE')),
  customer_id bigint,
  since timestamptz,
  until timestamptz,
  -- the last one that belongs to it: of EVENTS a position of the feed, else a customer's id
  until_key bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('RUNNING', 'DONE', 'CANCELLED')),
  selected integer NOT NULL,
  sent integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  skipped integer NOT NULL DEFAULT 0,
  note text,
  requested_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  PRIMARY KEY (owner_id, id),
  FOREIGN KEY (owner_id, endpoint_id) REFERENCES webhook_endpoint ON DELETE CASCADE,
  CONSTRAINT webhook_replay_finished CHECK ((state = 'RUNNING') = (finished_at IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX webhook_replay_endpoint_idx ON webhook_replay (owner_id, endpoint_id, id);
-- one after the other: the first of an endpoint is the one that is served
CREATE INDEX webhook_replay_running_idx ON webhook_replay (owner_id, endpoint_id, id) WHERE state = 'RUNNING';

-- One hot row per replay and shard. Everything up to position is done with, and what ahead lists beyond it.
CREATE TABLE webhook_replay_part (
  owner_id bigint NOT NULL,
  replay_id bigint NOT NULL,
  shard smallint NOT NULL,
  position bigint NOT NULL,
  ahead bigint[] NOT NULL DEFAULT '{}',
  done boolean NOT NULL DEFAULT false,
  PRIMARY KEY (owner_id, replay_id, shard),
  FOREIGN KEY (owner_id, replay_id) REFERENCES webhook_replay ON DELETE CASCADE
) WITH (fillfactor = 50);

-- Of what waits for a replay too: { id, until, state }, the replay, its last position, whether the state comes first.
ALTER TABLE webhook_parked ADD COLUMN replay jsonb;
`;
