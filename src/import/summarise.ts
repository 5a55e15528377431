import { leaveSummary, reasonsOfRows } from '../bulk/batch-summary.js';
import type { Sql } from '../database/database.js';
import type { Hub } from '../hub.js';
import type { ImportOrder } from './import-request.js';

/**
 * Leaves the summary of an import that is told as a whole: at its end, and where it stops early for what is written by then;
 * one that goes on afterwards is told again, with all that it has written.
 */
export async function summarise(
  hub: Hub,
  sql: Pick<Sql, 'rows'>,
  { caller, delivery, dryRun }: ImportOrder,
  { ownerId, id }: { ownerId: string; id: string },
): Promise<void> {
  if (delivery !== 'SUMMARY' || dryRun) return;
  const [counts] = await sql.rows<
    Record<'rows' | 'created' | 'updated' | 'unchanged' | 'skipped' | 'rejected', number>
  >(
    `/* countsToSummarise */ SELECT rows, created, updated, unchanged, skipped, rejected FROM bulk_operation
     WHERE owner_id = $1 AND id = $2`,
    [ownerId, id],
  );
  const place = { ownerId, told: { origin: caller.name, delivery }, at: hub.clock.at() };
  const summary = { operation: 'import', operationId: id, counts: counts!, reasons: reasonsOfRows };
  await leaveSummary(sql, place, summary, counts!.created + counts!.updated);
}
