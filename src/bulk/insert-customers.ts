import type { Problem } from '../errors.js';
import { caselessKey } from '../format/caseless.js';
import { EventReason } from '../event-reason.js';
import { recordConsents } from '../consent/consents.js';
import { columnNames, recordColumns, recordValues } from '../customer/customer-columns.js';
import { insertUsers } from '../customer/insert-users.js';
import type { Secret } from '../secret.js';
import { ensureTags } from '../tag/ensure-tags.js';
import { Raced, type Write } from '../write.js';
import type { CheckedRow, ImportProfile, NameStyle } from './customer-fields.js';
import { judgeRows, type JudgedRow } from './judge-rows.js';

export interface InsertedRow {
  /** Null: the row was rejected. */
  customerId: string | null;
  /** Whether its login was made; never without the customer (N40). */
  userMade: boolean;
  /** All that is wrong with the row; a customer without its login has problems too (A16). */
  problems: Problem[];
}

export interface InsertOptions {
  /** Whose names stand in messages. */
  names: NameStyle;
  secret: Secret;
  /** Where the consents in the rows come from. */
  consentSource: string | null;
  /** Excluded customers' ids are told with TAKEN only to those who may see them (A44). */
  showExcluded: boolean;
  /** PARTNER: a row without a type is a company, and the owner's lists of cities and languages hold (A25, A26). */
  profile: ImportProfile;
  /** Reject all rows when one has a problem (REJECT_EVERYTHING). */
  allOrNothing: boolean;
}

/**
 * Inserts customers with their logins, references, tags and consents: a fixed number of statements for any number of
 * rows, nothing that is wrong with one row touches another (A15). Answers one outcome per row, in their order.
 * What cannot be seen before writing (another transaction takes a code meanwhile) starts the write anew.
 */
export async function insertCustomers(tx: Write, rows: CheckedRow[], options: InsertOptions): Promise<InsertedRow[]> {
  const judged = await judgeRows(tx, rows, options);
  const refused = options.allOrNothing && judged.some((row) => row.problems.length > 0);
  const good = judged.filter((row) => row.accepted && !refused);
  const ids = await insertRows(tx, good);
  const made = { customers: ids, users: new Set<number>() };
  if (good.length > 0) {
    made.users = await insertLogins(tx, good, ids, options.secret);
    await insertReferences(tx, good, ids);
    await insertTags(tx, good, ids);
    await insertConsents(tx, good, ids, options.consentSource);
    tx.touchRaised(ids.values(), EventReason.CREATED);
  }
  return judged.map(({ index, problems }) => ({
    customerId: made.customers.get(index) ?? null,
    userMade: made.users.has(index),
    problems,
  }));
}

/** The customers' ids by the rows' index. */
async function insertRows(tx: Write, rows: JudgedRow[]): Promise<Map<number, string>> {
  if (rows.length === 0) return new Map();
  const inserted = await tx.rows<{ id: string; key: string }>(
    `/* insertCustomers */
     INSERT INTO customer (owner_id, code_key, ${columnNames}, created_at, updated_at)
     SELECT $1, r."codeKey", ${recordValues}, now.at, now.at
     FROM json_to_recordset($2::json) AS r (ord int, "codeKey" text, ${recordColumns}),
       (SELECT coalesce($3::timestamptz, statement_timestamp()) AS at) AS now
     ORDER BY r.ord
     ON CONFLICT DO NOTHING RETURNING id, code_key AS key`,
    [tx.ownerId, JSON.stringify(rows.map((row, ord) => ({ ...row.fields, codeKey: row.codeKey, ord }))), tx.at],
  );
  if (inserted.length < rows.length) throw new Raced();
  const byKey = new Map(inserted.map((row) => [row.key, row.id]));
  return new Map(rows.map((row) => [row.index, byKey.get(row.codeKey!)!]));
}

function insertLogins(tx: Write, rows: JudgedRow[], ids: Map<number, string>, secret: Secret): Promise<Set<number>> {
  const users = rows.flatMap(({ index, checked, userAccepted }) =>
    userAccepted ? [{ ...checked.adminUser!, index, customerId: ids.get(index)! }] : [],
  );
  return insertUsers(tx, secret, users);
}

async function insertReferences(tx: Write, rows: JudgedRow[], ids: Map<number, string>): Promise<void> {
  const references = rows.flatMap((row) =>
    row.references.map((reference) => ({ ...reference, customerId: ids.get(row.index)! })),
  );
  if (references.length === 0) return;
  const inserted = await tx.rows(
    `/* insertReferences */
     INSERT INTO external_reference (owner_id, customer_id, system_id, identifier)
     SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[]) ON CONFLICT DO NOTHING RETURNING 1`,
    [
      tx.ownerId,
      references.map((r) => r.customerId),
      references.map((r) => r.systemId),
      references.map((r) => r.identifier),
    ],
  );
  if (inserted.length < references.length) throw new Raced();
}

async function insertTags(tx: Write, rows: JudgedRow[], ids: Map<number, string>): Promise<void> {
  const wanted = rows.flatMap((row) => row.checked.tags.map((name) => ({ name, customerId: ids.get(row.index)! })));
  if (wanted.length === 0) return;
  const tagIds = await ensureTags(
    tx,
    wanted.map((tag) => tag.name),
  );
  await tx.rows(
    `/* insertCustomerTags */
     INSERT INTO customer_tag (owner_id, customer_id, tag_id)
     SELECT $1, * FROM unnest($2::bigint[], $3::bigint[]) ON CONFLICT DO NOTHING`,
    [tx.ownerId, wanted.map((tag) => tag.customerId), wanted.map((tag) => tagIds.get(caselessKey(tag.name))!)],
  );
}

async function insertConsents(
  tx: Write,
  rows: JudgedRow[],
  ids: Map<number, string>,
  source: string | null,
): Promise<void> {
  const statements = rows.flatMap(({ index, checked }) =>
    (
      [
        ['EMAIL', checked.acceptsMarketingEmail],
        ['SMS', checked.acceptsMarketingSms],
      ] as const
    ).flatMap(([channel, accepted]) =>
      accepted === undefined
        ? []
        : [{ customerId: ids.get(index)!, channel, accepted, source, evidence: null, occurredAt: null }],
    ),
  );
  await recordConsents(tx, statements);
}
