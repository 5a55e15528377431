import type { QueryRunner } from 'typeorm';
import { guardOwned } from './guard-owned.js';
import { ForwardMigration } from './forward-migration.js';

/** Guest feeds (C1–C9): their settings, sealed credentials, runs, and what became of each stay. */
export class GuestFeed1763800000004 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(tables);
    for (const table of ['guest_feed', 'guest_feed_secret', 'guest_feed_run', 'guest_feed_stay'])
      await queryRunner.query(guardOwned(table));
  }
}

const tables = /* sql */ `
CREATE TABLE guest_feed (
  owner_id bigint NOT NULL REFERENCES owner,
  id bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL, -- a channel of src/guest-feed/channels.ts
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  base_url text NOT NULL,
  schedule text NOT NULL,
  active boolean NOT NULL,
  activated_at timestamptz,
  stopped_reason text,
  look_back_days integer NOT NULL CHECK (look_back_days BETWEEN 0 AND 365),
  -- when the cron job is due next, and the zone in which that was worked out; null while it is off or stopped
  next_run_at timestamptz,
  scheduled_zone text NOT NULL,
  -- raised by every change of the settings, so that an answer to old ones does not stop new ones
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id),
  CONSTRAINT guest_feed_activated CHECK (activated_at IS NOT NULL OR NOT active),
  CONSTRAINT guest_feed_due CHECK ((next_run_at IS NOT NULL) = (active AND stopped_reason IS NULL))
);
CREATE INDEX guest_feed_due_idx ON guest_feed (next_run_at) WHERE next_run_at IS NOT NULL;

CREATE TABLE guest_feed_secret (
  owner_id bigint NOT NULL,
  feed_id bigint NOT NULL,
  name text NOT NULL CHECK (name IN ('hotelId', 'accessKey')),
  sealed bytea NOT NULL,
  PRIMARY KEY (owner_id, feed_id, name),
  FOREIGN KEY (owner_id, feed_id) REFERENCES guest_feed ON DELETE CASCADE
);

CREATE TABLE guest_feed_run (
  owner_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  feed_id bigint NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  sent integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  skipped integer NOT NULL DEFAULT 0,
  stopped boolean NOT NULL DEFAULT false,
  reason text,
  -- whose it is while it is under way; by PostgreSQL's clock
  lease_owner uuid,
  lease_until timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (owner_id, id),
  FOREIGN KEY (owner_id, feed_id) REFERENCES guest_feed ON DELETE CASCADE
);
CREATE INDEX guest_feed_run_feed_idx ON guest_feed_run (owner_id, feed_id, id);
-- one run of a feed at a time
CREATE UNIQUE INDEX guest_feed_run_open_key ON guest_feed_run (owner_id, feed_id) WHERE finished_at IS NULL;

-- A stay that was tried. SENDING: a request was begun, its outcome is not known (yet). SENT is the marker of A34.
CREATE TABLE guest_feed_stay (
  owner_id bigint NOT NULL,
  feed_id bigint NOT NULL,
  booking_id bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('SENDING', 'SENT', 'FAILED', 'REFUSED')),
  run_id bigint NOT NULL,
  attempts integer NOT NULL,
  attempted_at timestamptz NOT NULL,
  status smallint,
  error text,
  -- of what was sent, under the hub's secret: tells a change, and nothing else
  fingerprint bytea NOT NULL,
  sent_at timestamptz,
  PRIMARY KEY (owner_id, feed_id, booking_id),
  FOREIGN KEY (owner_id, feed_id) REFERENCES guest_feed ON DELETE CASCADE,
  FOREIGN KEY (owner_id, booking_id) REFERENCES booking ON DELETE CASCADE,
  CONSTRAINT guest_feed_stay_sent CHECK ((state = 'SENT') = (sent_at IS NOT NULL))
);

-- C5a, A37: the stays that a run goes through
CREATE INDEX booking_checked_out_idx ON booking (owner_id, checked_out_at, id) WHERE status = 'CHECKED_OUT' AND deleted_at IS NULL;
`;
