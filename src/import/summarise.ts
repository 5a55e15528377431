import { leaveSummary, reasonsOfRows } from '../bulk/batch-summary.js';
import type { EventDelivery } from '../event-delivery.js';
import type { Counts, ImportSql } from './operation-place.js';

interface Summarised extends Counts {
  delivery: EventDelivery | null;
  dryRun: boolean;
  origin: string;
}

/**
 * Leaves the summary of an import that is told as a whole: at its end, and where it stops early for what is written by then;
 * one that goes on afterwards is told again, with all that it has written.
 */
export async function summarise(
  sql: ImportSql,
  { ownerId, id }: { ownerId: string; id: string },
  at: Date | null,
): Promise<void> {
  const [operation] = await sql.rows<Summarised>(
    `/* operationToSummarise */ SELECT delivery, dry_run AS "dryRun", requested_by AS origin,
       rows, created, updated, unchanged, skipped, rejected
     FROM bulk_operation WHERE owner_id = $1 AND id = $2`,
    [ownerId, id],
  );
  const { delivery, dryRun, origin, ...counts } = operation!;
  if (dryRun) return;
  const summary = { operation: 'import', operationId: id, counts, reasons: reasonsOfRows };
  await leaveSummary(sql, { ownerId, told: { origin, delivery }, at }, summary, counts.created + counts.updated);
}
