import type { Sql } from '../database/database.js';
import type { Edge } from '../database/edge.js';
import type { SnapshotBody } from './snapshot-body.js';

/** A stored snapshot made ready to show or send: its tag list covers every tag of the owner (G32). */
export type ShownSnapshot = Omit<SnapshotBody, 'tags'> & { tags: { id: string; name: string; value: boolean }[] };

interface StoredSnapshot {
  customerId: string;
  body: SnapshotBody;
}

/** Of customers that may be shown: excluded ones have none on any channel (A44). */
export const snapshotEdge: Edge<StoredSnapshot> = {
  sql: (customers) => `SELECT s.customer_id::text AS "customerId", s.body FROM customer_snapshot s
    WHERE s.owner_id = $1 AND s.customer_id = ANY (${customers})`,
  parent: 'customerId',
  dates: [],
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
  const visible = `ARRAY (SELECT id FROM customer WHERE owner_id = $1 AND id = ANY ($2::bigint[]) AND (NOT excluded OR $3))`;
  const stored = await sql.rows<StoredSnapshot>(`/* snapshotsShown */ ${snapshotEdge.sql(visible)}`, [
    ownerId,
    customerIds,
    options.showExcluded ?? false,
  ]);
  const shown = await withEveryTag(
    sql,
    ownerId,
    stored.map(({ body }) => body),
  );
  return new Map(shown.map((snapshot) => [snapshot.customerId, snapshot]));
}

/** Completes the tags of stored snapshots with the others that the owner has (G32), in their order. */
export async function withEveryTag(sql: Sql, ownerId: string, bodies: SnapshotBody[]): Promise<ShownSnapshot[]> {
  if (bodies.length === 0) return [];
  // By itself: joined to the bodies it was gathered anew for every customer of the owner (450 ms for 100 of 5,000).
  const tags = await sql.rows<NamedTag>(`/* tagsShown */ ${namedTags}`, [ownerId]);
  return bodies.map((body) => completed(body, tags));
}

/** The tags of owner $1 as snapshots name them. */
export const namedTags = 'SELECT id::text AS id, name FROM tag WHERE owner_id = $1 ORDER BY tag.id';

export interface NamedTag {
  id: string;
  name: string;
}

/** A stored snapshot with all the tags of its owner. */
export function completed(body: SnapshotBody, tags: NamedTag[]): ShownSnapshot {
  const held = new Set(body.tags);
  return { ...body, tags: tags.map((tag) => ({ ...tag, value: held.has(tag.id) })) };
}
