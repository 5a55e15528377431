import type { TestHub, TestOwner } from '../hub.js';
import { graphqlRow, type Row } from './rows.js';

export interface BulkProblem {
  code: string;
  field: string | null;
  message: string;
  existingId: string | null;
}

export interface BulkAnswer {
  dryRun: boolean;
  results: { index: number; code: string; customer: boolean; user: boolean; customerId: string | null }[];
  errors: { index: number; errors: string[]; details: BulkProblem[] }[];
  counts: { rows: number; customers: number; users: number; rejected: number };
  userErrors: BulkProblem[];
}

export interface BulkOptions {
  profile?: 'STANDARD' | 'PARTNER';
  dryRun?: boolean;
  errorPolicy?: 'REJECT_FAILED_ROWS' | 'REJECT_EVERYTHING';
  idempotencyKey?: string;
  ownerCode?: string;
}

export const bulkMutation = `mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) {
  dryRun results { index code customer user customerId }
  errors { index errors details { code field message existingId } }
  counts { rows customers users rejected } userErrors { code field message existingId } } }`;

/** A good PARTNER row under GraphQL's names, with a code and a login of its own. */
export const partnerRow = (n: number, changes: Row = {}): Row => ({
  ...graphqlRow,
  code: `P${n}`.padEnd(3, 'x'),
  adminUser: loginOf(n),
  ...changes,
});

/** The login of a partner row, with some parts set otherwise. */
export const loginOf = (n: number, changes: Row = {}): Row => ({
  ...(graphqlRow.adminUser as Row),
  login: `user${n}`,
  ...changes,
});

/** One bulk call as the owner. */
export async function bulkInsert(owner: TestOwner, rows: unknown[], options: BulkOptions = {}): Promise<BulkAnswer> {
  const input = { ownerCode: owner.code, ...options, customers: rows };
  const answer = await owner.gql<{ bulkInsertCustomers: BulkAnswer }>(bulkMutation, { input });
  return answer.bulkInsertCustomers;
}

/** The details of a row's errors as `CODE field`. */
export const faultsOf = (answer: BulkAnswer, index: number): string[] =>
  answer.errors.filter((e) => e.index === index).flatMap((e) => e.details.map((d) => `${d.code} ${d.field}`));

/**
 * A digest of the contents of every table (sequences are none), to see whether a call has left anything behind. When a
 * key was last used is written down at its first call, whatever that is, and left out.
 */
export async function contentsOf(hub: TestHub): Promise<{ table: string; rows: number; digest: string }[]> {
  const tables = await hub.clone.sql<{ name: string }>(
    `SELECT quote_ident(relname) AS name FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY relname`,
  );
  const each = tables.map(
    ({ name }) => `SELECT '${name}' AS table, count(*)::int AS rows,
       md5(coalesce(string_agg(r.row, E'\\n' ORDER BY r.row), '')) AS digest FROM (SELECT (to_jsonb(t) - 'last_used_at')::text AS row FROM ${name} t) r`,
  );
  // ordered: with so many parts PostgreSQL may read them side by side
  return hub.clone.sql(`${each.join(' UNION ALL ')} ORDER BY 1`);
}

/** Every value of every table as text: for looking for what must not be there. */
export async function everythingStored(hub: TestHub): Promise<string> {
  const tables = await hub.clone.sql<{ name: string }>(
    `SELECT quote_ident(relname) AS name FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'`,
  );
  const rows = await hub.clone.sql<{ row: string }>(
    tables.map(({ name }) => `SELECT t::text AS row FROM ${name} t`).join(' UNION ALL '),
  );
  return rows.map(({ row }) => row).join('\n');
}

/** What waits in the outbox since the last call, as `code reasons`. The hub must not run the relay. */
export async function outboxOf(hub: TestHub, owner: TestOwner): Promise<string[]> {
  const rows = await hub.clone.sql<{ event: string }>(
    `WITH seen AS (DELETE FROM outbox WHERE owner_id = $1 RETURNING id, customer_id, reasons)
     SELECT c.code || ' ' || array_to_string(seen.reasons, ',') AS event
     FROM seen JOIN customer c ON c.owner_id = $1 AND c.id = seen.customer_id ORDER BY seen.id`,
    [owner.id],
  );
  return rows.map((row) => row.event);
}
