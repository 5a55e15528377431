import type { Sql } from '../database/database.js';
import type { Edge } from '../database/edge.js';
import { namedTags, type NamedTag } from './named-tags.js';
import type { SnapshotBody } from './snapshot-body.js';
import { snapshotMembers } from './snapshot-members.js';

/** A stored snapshot made ready to show or send: its tag list covers every tag of the owner (G32). */
export type ShownSnapshot = Omit<SnapshotBody, 'tags'> & { tags: { id: string; name: string; value: boolean }[] };

interface StoredSnapshot {
  customerId: string;
  body: SnapshotBody;
}

/** Of customers that may be shown: excluded ones have none on any channel (A44). */
export const snapshotEdge: Edge<StoredSnapshot> = {
  sql: (customers) => `SELECT s.customer_id::text AS "customerId", s.body FROM customer_snapshot s
    WHERE s.owner_id = $1 AND s.customer_id ${customers}`,
  parent: 'customerId',
  dates: [],
  members: snapshotMembers,
};

/**
 * The stored snapshots of customers, by customer id. Customers that are excluded, erased or unknown are missing from
 * the map: they have no snapshot on any channel (A44), unless `showExcluded` (scope `admin`).
 */
export async function snapshotsShown(
  sql: Sql,
  ownerId: string,
  customerIds: readonly string[],
  options: { showExcluded?: boolean } = {},
): Promise<Map<string, ShownSnapshot>> {
  const visible = `= ANY (ARRAY (SELECT id FROM customer WHERE owner_id = $1 AND id = ANY ($2::bigint[]) AND (NOT excluded OR $3)))`;
  const stored = await sql.rows<StoredSnapshot>(`/* snapshotsShown */ ${snapshotEdge.sql(visible)}`, [
    ownerId,
    customerIds,
    options.showExcluded ?? false,
  ]);
  if (stored.length === 0) return new Map();
  const tags = await tagsShown(sql, ownerId);
  return new Map(stored.map(({ body }) => [body.customerId, completed(body, tags)]));
}

/**
 * The tags of an owner. By themselves: joined to the bodies they were gathered anew for every customer of the owner
 * (450 ms for 100 of 5,000).
 */
export const tagsShown = (sql: Sql, ownerId: string): Promise<NamedTag[]> =>
  sql.rows(`/* tagsShown */ ${namedTags}`, [ownerId]);

/** A stored snapshot with all the tags of its owner. */
export const completed = (body: SnapshotBody, tags: readonly NamedTag[]): ShownSnapshot => ({
  ...body,
  tags: everyTag(body.tags, tags),
});

/** The tags that are set on a customer, completed with the others of the owner (G32), in their order. */
export function everyTag(set: readonly string[], tags: readonly NamedTag[]): ShownSnapshot['tags'] {
  const held = new Set(set);
  return tags.map((tag) => ({ ...tag, value: held.has(tag.id) }));
}
