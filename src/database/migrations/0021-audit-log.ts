import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';
import { guardOwned } from './guard-owned.js';

/**
 * Who did what to which customer or setting, and when. No foreign keys: an entry outlives the customer, key or endpoint that it
 * is about. Requests add to it and read it, and can neither change nor delete.
 */
export class AuditLog1763800000021 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(/* sql */ `
CREATE TABLE audit_entry (
  owner_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('KEY', 'TOKEN', 'OPERATOR', 'COMMAND')),
  actor_id text,
  origin text NOT NULL,
  request_id uuid,
  action text NOT NULL,
  reasons text[] NOT NULL,
  customers int8multirange NOT NULL,
  customer_count integer NOT NULL,
  subject_kind text,
  subject_id bigint,
  PRIMARY KEY (owner_id, id)
);
-- an entry for one customer is found through the ranges; pages of an owner through the key; what is old through the blocks
CREATE INDEX audit_entry_customers ON audit_entry USING gist (customers) WHERE customer_count > 0;
CREATE INDEX audit_entry_at ON audit_entry USING brin (at);
${guardOwned('audit_entry')}
REVOKE UPDATE, DELETE ON audit_entry FROM stamdata_app;
`);
  }
}
