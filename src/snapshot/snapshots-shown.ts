import type { Sql } from '../database/database.js';
import type { SnapshotBody } from './snapshot-body.js';

/** A stored snapshot made ready to show or send: its tag list covers every tag of the owner (G32). */
export type ShownSnapshot = Omit<SnapshotBody, 'tags'> & { tags: { id: string; name: string; value: boolean }[] };

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
  const rows = await sql.rows<{ body: SnapshotBody; tags: { id: string; name: string }[] }>(
    `/* snapshotsShown */
     SELECT s.body, t.tags FROM customer_snapshot s
     JOIN customer c ON c.owner_id = s.owner_id AND c.id = s.customer_id
     CROSS JOIN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id::text, 'name', name) ORDER BY id), '[]') AS tags
                 FROM tag WHERE owner_id = $1) t
     WHERE s.owner_id = $1 AND s.customer_id = ANY ($2::bigint[]) AND (NOT c.excluded OR $3)`,
    [ownerId, customerIds, options.showExcluded ?? false],
  );
  return new Map(rows.map(({ body, tags }) => [body.customerId, { ...body, tags: completed(body.tags, tags) }]));
}

function completed(set: string[], tags: { id: string; name: string }[]): ShownSnapshot['tags'] {
  const held = new Set(set);
  return tags.map((tag) => ({ ...tag, value: held.has(tag.id) }));
}
