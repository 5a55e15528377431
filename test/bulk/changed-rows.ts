import type { TestHub, TestOwner } from '../hub.js';
import type { BulkProblem } from './partner-rows.js';
import type { Row } from './rows.js';

export interface ChangeProblem extends BulkProblem {
  existingIds: string[] | null;
}

export interface ChangeAnswer {
  dryRun: boolean;
  results: {
    index: number;
    code: string;
    action: string;
    matchedBy: string | null;
    customerId: string | null;
    user: boolean;
    changes: { field: string; before: unknown; after: unknown }[] | null;
  }[];
  errors: { index: number; errors: string[]; details: ChangeProblem[] }[];
  counts: Record<string, number>;
  userErrors: ChangeProblem[];
}

const payload = `{
  dryRun results { index code action matchedBy customerId user changes { field before after } }
  errors { index errors details { code field message existingId existingIds } }
  counts { rows customers users updated unchanged skipped rejected } userErrors { code field message existingId existingIds } }`;
const upsertMutation = `mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) ${payload} }`;
const updateMutation = `mutation ($input: BulkUpdateCustomersInput!) { bulkUpdateCustomers(input: $input) ${payload} }`;

/** One insert call as the owner, by default one that updates those who exist. */
export async function upsert(owner: TestOwner, customers: unknown[], options: Row = {}): Promise<ChangeAnswer> {
  const input = { ownerCode: owner.code, onExisting: 'UPDATE', ...options, customers };
  return (await owner.gql<{ bulkInsertCustomers: ChangeAnswer }>(upsertMutation, { input })).bulkInsertCustomers;
}

/** One update call as the owner. */
export async function bulkUpdate(owner: TestOwner, rows: unknown[], options: Row = {}): Promise<ChangeAnswer> {
  const input = { ownerCode: owner.code, ...options, rows };
  return (await owner.gql<{ bulkUpdateCustomers: ChangeAnswer }>(updateMutation, { input })).bulkUpdateCustomers;
}

/** `CREATE`, `UPDATE CODE`, … of each row. */
export const actionsOf = ({ results }: ChangeAnswer): string[] =>
  results.map(({ action, matchedBy }) => [action, matchedBy].filter(Boolean).join(' '));

/** Everything that a row can change of the owner's customers, by their codes, without ids and times. */
export async function customersOf(hub: TestHub, owner: TestOwner): Promise<Row[]> {
  return hub.clone.sql<Row>(
    `SELECT to_jsonb(c) - '{owner_id,id,version,created_at,updated_at}'::text[] AS fields,
       ARRAY(SELECT s.code || ':' || r.identifier FROM external_reference r JOIN external_system s ON s.id = r.system_id
         WHERE r.customer_id = c.id ORDER BY 1) AS links,
       ARRAY(SELECT t.name FROM customer_tag l JOIN tag t ON t.id = l.tag_id WHERE l.customer_id = c.id ORDER BY 1) AS tags,
       ARRAY(SELECT u.login FROM customer_user u WHERE u.customer_id = c.id ORDER BY 1) AS logins,
       ARRAY(SELECT DISTINCT ON (channel) channel || ':' || accepted FROM consent s WHERE s.customer_id = c.id
         ORDER BY channel, occurred_at DESC, id DESC) AS consents
     FROM customer c WHERE c.owner_id = $1 ORDER BY c.code_key`,
    [owner.id],
  );
}
