import { guardOwned } from '../guard-owned.js';

/**
 * Who may touch what. The login of the hub owns the tables and never works with them: every statement runs under one
 * of two roles. `stamdata_app` serves requests and sees the rows of the one owner that its transaction names;
 * `stamdata_system` is for what works across owners (authentication, relay, clock, dispatcher).
 */
const ownedTables = [
  'customer',
  'customer_user',
  'contact_info',
  'external_system',
  'external_reference',
  'tag',
  'customer_tag',
  'consent',
  'customer_order',
  'order_line',
  'booking',
  'booking_history',
  'customer_snapshot',
  'outbox',
  'feed_head',
  'feed',
  'webhook_endpoint',
  'webhook_secret',
  'webhook_cursor',
  'webhook_parked',
  'webhook_attempt',
  'idempotency',
];

/** From PostgreSQL 16 on, who has made a role is a member of it that may not act as it, before he says so. */
const createRole = (role: string) => /* sql */ `
DO $$ BEGIN
  CREATE ROLE ${role} NOLOGIN NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
  IF NOT pg_has_role(current_user, '${role}', CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)
    THEN GRANT ${role} TO CURRENT_USER; END IF;
END $$;
`;

const administrative = (table: string) => /* sql */ `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
CREATE POLICY every_owner ON ${table} TO stamdata_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO stamdata_system;
`;

export const access = [
  createRole('stamdata_app'),
  createRole('stamdata_system'),
  `DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO stamdata_app, stamdata_system', current_schema()); END $$;`,
  guardOwned('owner', 'id'),
  ...ownedTables.map((table) => guardOwned(table)),
  administrative('api_key'),
  administrative('api_key_owner'),
  administrative('hub_setting'),
].join('\n');
