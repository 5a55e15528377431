import type { Sql } from '../database/database.js';

const batch = 50;

/**
 * Makes of the summaries that batches have left (`src/bulk/batch-summary.ts`) a notice to each endpoint of the owner that
 * takes events with one of the batch's reasons and not without its origin. Conditions are on single customers and have no
 * say. One that is disabled is told nothing, as of all that happens meanwhile. True when there may be more.
 */
export async function tellSummaries(sql: Sql): Promise<boolean> {
  const [taken] = await sql.rows<{ count: number }>(
    `/* tellSummaries */
     WITH due AS (
       DELETE FROM batch_summary s USING (
         SELECT owner_id, id FROM batch_summary ORDER BY owner_id, id LIMIT $1 FOR UPDATE SKIP LOCKED) AS oldest
       WHERE s.owner_id = oldest.owner_id AND s.id = oldest.id
       RETURNING s.*),
     told AS (
       INSERT INTO webhook_notice (owner_id, endpoint_id, about_id, type, body, created_at, next_at)
       SELECT e.owner_id, e.id, 0, 'customers.bulk', due.body, due.created_at, due.created_at
       FROM due JOIN webhook_endpoint e ON e.owner_id = due.owner_id AND e.state <> 'DISABLED'
         AND (e.reasons IS NULL OR e.reasons && due.reasons)
         AND (e.except_origins IS NULL OR due.origin IS NULL OR due.origin <> ALL (e.except_origins))
       ORDER BY due.owner_id, due.id, e.id)
     SELECT count(*)::int AS count FROM due`,
    [batch],
  );
  return taken!.count === batch;
}
