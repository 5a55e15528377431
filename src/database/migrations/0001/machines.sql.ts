/** The machines: snapshot, outbox → relay → feed, webhooks, idempotency (delivery-design B.2, keyed by owner). */
export const machines = /* sql */ `
CREATE TABLE customer_snapshot (
  owner_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  version integer NOT NULL,
  body jsonb NOT NULL,
  clock_due_at timestamptz,
  PRIMARY KEY (owner_id, customer_id),
  FOREIGN KEY (owner_id, customer_id) REFERENCES customer ON DELETE CASCADE
) WITH (fillfactor = 80);
CREATE INDEX customer_snapshot_due_idx ON customer_snapshot (clock_due_at) WHERE clock_due_at IS NOT NULL;

-- Written by the business transaction under the customer's row lock, emptied by the relay. No personal data.
CREATE TABLE outbox (
  owner_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY (CACHE 1),
  customer_id bigint NOT NULL,
  version integer NOT NULL,
  reasons text[] NOT NULL,
  origin text,
  occurred_at timestamptz NOT NULL,
  PRIMARY KEY (owner_id, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- One row per owner, made with the owner. Its lock is what makes positions dense.
CREATE TABLE feed_head (
  owner_id bigint PRIMARY KEY REFERENCES owner,
  last_pos bigint NOT NULL DEFAULT 0,
  min_pos bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 50);

CREATE TABLE feed (
  owner_id bigint NOT NULL,
  pos bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  customer_id bigint NOT NULL,
  version integer NOT NULL,
  reasons text[] NOT NULL,
  origin text,
  occurred_at timestamptz NOT NULL,
  PRIMARY KEY (owner_id, pos, at)
) PARTITION BY RANGE (at);
CREATE INDEX feed_customer_idx ON feed (owner_id, customer_id, pos);

CREATE TABLE webhook_endpoint (
  owner_id bigint NOT NULL REFERENCES owner,
  id bigint GENERATED ALWAYS AS IDENTITY,
  url text NOT NULL,
  method text NOT NULL DEFAULT 'POST' CHECK (method IN ('POST', 'PUT', 'GET')),
  content_type text NOT NULL DEFAULT 'application/json',
  template text,
  headers jsonb NOT NULL DEFAULT '[]',
  reasons text[],
  mode text NOT NULL DEFAULT 'EVERY' CHECK (mode IN ('EVERY', 'LATEST')),
  state text NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'PAUSED', 'DISABLED')),
  disabled_reason text,
  max_inflight smallint NOT NULL DEFAULT 8 CHECK (max_inflight BETWEEN 1 AND 64),
  rate_per_s integer NOT NULL DEFAULT 50 CHECK (rate_per_s BETWEEN 1 AND 10000),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id)
);
CREATE TABLE webhook_secret (
  owner_id bigint NOT NULL,
  endpoint_id bigint NOT NULL,
  key_no integer NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  PRIMARY KEY (owner_id, endpoint_id, key_no),
  FOREIGN KEY (owner_id, endpoint_id) REFERENCES webhook_endpoint ON DELETE CASCADE
);
-- One hot row per endpoint and shard; no indexed column changes, so that updates stay in the page (HOT).
CREATE TABLE webhook_cursor (
  owner_id bigint NOT NULL,
  endpoint_id bigint NOT NULL,
  shard smallint NOT NULL DEFAULT 0,
  acked_pos bigint NOT NULL,
  lease_owner uuid,
  lease_epoch bigint NOT NULL DEFAULT 0,
  lease_until timestamptz NOT NULL DEFAULT '-infinity',
  breaker text NOT NULL DEFAULT 'CLOSED' CHECK (breaker IN ('CLOSED', 'OPEN')),
  fail_since timestamptz,
  fails integer NOT NULL DEFAULT 0,
  probe_at timestamptz,
  PRIMARY KEY (owner_id, endpoint_id, shard),
  FOREIGN KEY (owner_id, endpoint_id) REFERENCES webhook_endpoint ON DELETE CASCADE
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
-- Only customers whose delivery failed.
CREATE TABLE webhook_parked (
  owner_id bigint NOT NULL,
  endpoint_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  shard smallint NOT NULL DEFAULT 0,
  first_pos bigint NOT NULL,
  last_pos bigint NOT NULL,
  attempt smallint NOT NULL,
  next_at timestamptz,
  state text NOT NULL CHECK (state IN ('RETRY', 'DEAD')),
  last_status smallint,
  last_error text,
  PRIMARY KEY (owner_id, endpoint_id, customer_id),
  FOREIGN KEY (owner_id, endpoint_id) REFERENCES webhook_endpoint ON DELETE CASCADE
);
CREATE INDEX webhook_parked_due_idx ON webhook_parked (owner_id, endpoint_id, shard, next_at) WHERE state = 'RETRY';
CREATE TABLE webhook_attempt (
  owner_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  endpoint_id bigint NOT NULL,
  pos bigint,
  customer_id bigint,
  version integer,
  webhook_id text NOT NULL,
  attempt smallint NOT NULL,
  state text NOT NULL CHECK (state IN ('SUCCEEDED', 'FAILED', 'RETRYING', 'DEAD')),
  status smallint,
  error text,
  duration_ms integer NOT NULL,
  response_head text,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX webhook_attempt_endpoint_idx ON webhook_attempt (owner_id, endpoint_id, id);
CREATE INDEX webhook_attempt_customer_idx ON webhook_attempt (owner_id, customer_id, id);
CREATE INDEX webhook_attempt_at_idx ON webhook_attempt USING brin (at);

-- What holds for all owners and every process: so far a text sealed by the hub's secret, to know it again by.
CREATE TABLE hub_setting (
  name text PRIMARY KEY,
  value bytea NOT NULL
);

CREATE TABLE idempotency (
  owner_id bigint NOT NULL,
  operation text NOT NULL,
  key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
  request_hash bytea NOT NULL,
  response jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, operation, key)
);
CREATE INDEX idempotency_age_idx ON idempotency (created_at);
`;
