import type { Database, Sql } from '../database/database.js';
import { selectList } from '../database/select-list.js';
import type { Page } from '../graphql/connection.js';
import type { ActorKind } from './actor.js';
import { AuditEntry } from './audit-entry.entity.js';
import type { SubjectKind } from './subject.js';

const columns = selectList(AuditEntry, 'e');

/** Which entries are meant; null does not restrict. */
export interface EntryFilter {
  customerId: string | null;
  actorKind: ActorKind | null;
  actorId: string | null;
  action: string | null;
  subjectKind: SubjectKind | null;
  subjectId: string | null;
  since: Date | null;
  until: Date | null;
}

/** An entry with its customers, as `idsOf` reads them. */
export type FoundEntry = AuditEntry & { customers: string };

// what is not asked for is left out of the statement, so that PostgreSQL plans for what is: an index, or the newest first
const conditions: Record<keyof EntryFilter, (parameter: string) => string> = {
  customerId: (id) => `e.customer_count > 0 AND e.customers @> ${id}::bigint`,
  actorKind: (kind) => `e.actor_kind = ${kind}`,
  actorId: (id) => `e.actor_id = ${id}`,
  action: (action) => `e.action = ${action}`,
  subjectKind: (kind) => `e.subject_kind = ${kind}`,
  subjectId: (id) => `e.subject_id = ${id}::bigint`,
  since: (at) => `e.at >= ${at}`,
  until: (at) => `e.at < ${at}`,
};

/** A page of the owner's audit log, the newest first; one more than the page holds. */
export function entriesPage(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  filter: EntryFilter,
  page: Page,
): Promise<FoundEntry[]> {
  const { where, parameters } = filtered(ownerId, filter);
  const [after, limit] = [`$${parameters.length + 1}`, `$${parameters.length + 2}`];
  return sql.rows<FoundEntry>(
    `/* entriesPage */ SELECT ${columns}, e.customers::text AS customers FROM audit_entry e
     WHERE ${where} AND (${after}::bigint IS NULL OR e.id < ${after}) ORDER BY e.id DESC LIMIT ${limit}`,
    [...parameters, page.after, page.size + 1],
  );
}

export async function countEntries(sql: Pick<Sql, 'rows'>, ownerId: string, filter: EntryFilter): Promise<number> {
  const { where, parameters } = filtered(ownerId, filter);
  const [row] = await sql.rows<{ count: number }>(
    `/* countEntries */ SELECT count(*)::int AS count FROM audit_entry e WHERE ${where}`,
    parameters,
  );
  return row!.count;
}

function filtered(ownerId: string, filter: EntryFilter): { where: string; parameters: unknown[] } {
  const given = (Object.keys(conditions) as (keyof EntryFilter)[]).filter((field) => filter[field] !== null);
  return {
    where: ['e.owner_id = $1', ...given.map((field, i) => conditions[field](`$${i + 2}`))].join(' AND '),
    parameters: [ownerId, ...given.map((field) => filter[field])],
  };
}

const pruned = 5_000;

/** Forgets up to 5,000 entries older than so many days. Gives true when there may be more. */
export async function pruneEntries(db: Database, days: number, at: Date | null): Promise<boolean> {
  const gone = await db.asSystem((sql) =>
    sql.rows(
      `/* pruneEntries */ DELETE FROM audit_entry WHERE (owner_id, id) IN (
         SELECT owner_id, id FROM audit_entry
         WHERE at < coalesce($1::timestamptz, now()) - $2 * interval '1 day' LIMIT ${pruned})
       RETURNING 1`,
      [at, days],
    ),
  );
  return gone.length === pruned;
}
