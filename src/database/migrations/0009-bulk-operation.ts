import type { QueryRunner } from 'typeorm';
import { guardOwned } from './guard-owned.js';
import { ForwardMigration } from './forward-migration.js';

/** Imports of any size: how far each has got with its file, who is at it, and what became of its rows. */
export class BulkOperation1763800000009 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(tables);
    for (const table of ['bulk_operation', 'bulk_operation_result']) await queryRunner.query(guardOwned(table));
  }
}

const tables = /* sql */ `
CREATE TABLE bulk_operation (
  owner_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL CHECK (kind IN ('IMPORT_CUSTOMERS')),
  state text NOT NULL CHECK (state IN ('RUNNING', 'DONE', 'INTERRUPTED', 'CANCELLED', 'FAILED')),
  dry_run boolean NOT NULL,
  requested_by text NOT NULL,
  idempotency_key text,
  -- keyed: of how the rows are to be read, and of the first bytes_read bytes of the file
  settings_hash bytea NOT NULL,
  content_hash bytea,
  -- rows and bytes are the place in the file: what is before it was written in the transaction that moved it
  rows integer NOT NULL DEFAULT 0,
  bytes_read bigint NOT NULL DEFAULT 0,
  bytes_expected bigint,
  created integer NOT NULL DEFAULT 0,
  updated integer NOT NULL DEFAULT 0,
  unchanged integer NOT NULL DEFAULT 0,
  skipped integer NOT NULL DEFAULT 0,
  rejected integer NOT NULL DEFAULT 0,
  note text,
  lease_owner uuid,
  lease_until timestamptz NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  PRIMARY KEY (owner_id, id),
  CONSTRAINT bulk_operation_ended CHECK ((state = 'RUNNING') = (ended_at IS NULL)),
  CONSTRAINT bulk_operation_counted CHECK (rows = created + updated + unchanged + skipped + rejected)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX bulk_operation_key_idx ON bulk_operation (owner_id, kind, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX bulk_operation_age_idx ON bulk_operation (started_at);

-- What became of the rows of a chunk: a line of JSON for each, in their order.
CREATE TABLE bulk_operation_result (
  owner_id bigint NOT NULL,
  operation_id bigint NOT NULL,
  first_row integer NOT NULL,
  lines text NOT NULL,
  PRIMARY KEY (owner_id, operation_id, first_row),
  FOREIGN KEY (owner_id, operation_id) REFERENCES bulk_operation ON DELETE CASCADE
);
`;
