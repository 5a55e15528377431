import type { Sql } from '../database/database.js';
import type { EventDelivery } from '../event-delivery.js';
import { EventReason } from '../event-reason.js';

/** A batch, as those are told of it who are not told of its events one by one. */
export interface BatchSummary {
  /** Name of the mutation, or `import`. */
  operation: string;
  /** Of a BulkOperation. */
  operationId: string | null;
  /** Rows by what became of them. */
  counts: object;
  /** What its events may be: an endpoint that wants none of these is not told. */
  reasons: readonly EventReason[];
}

/** In whose name a summary is left, and how receivers are told at all. */
export interface SummaryPlace {
  ownerId: string;
  told: { origin: string | null; delivery: EventDelivery | null };
  /** Null: now. */
  at: Date | null;
}

/**
 * Leaves the summary of a batch that is told as a whole (delivery SUMMARY) for the webhook endpoints, in the transaction
 * that ends it, so that it is told if and only if the batch is there. Of a batch that changed nothing nobody is told.
 *
 * @param changed how many customers have changed
 */
export async function leaveSummary(
  sql: Pick<Sql, 'rows'>,
  { ownerId, told, at }: SummaryPlace,
  { operation, operationId, counts, reasons }: BatchSummary,
  changed: number,
): Promise<void> {
  const { delivery, origin } = told;
  if (delivery !== 'SUMMARY' || changed === 0) return;
  const data = { operation, operationId, origin, reasons, counts };
  await sql.rows(
    `/* leaveSummary */ INSERT INTO batch_summary (owner_id, reasons, origin, body, created_at)
     SELECT $1, $2, $3, jsonb_build_object('type', $4::text, 'timestamp', to_json(now.at), 'data', $5::jsonb)::text, now.at
     FROM (SELECT coalesce($6::timestamptz, statement_timestamp()) AS at) AS now`,
    [ownerId, reasons, origin, 'customers.bulk', JSON.stringify(data), at],
  );
}

/** What rows of customers may do to them. */
export const reasonsOfRows: readonly EventReason[] = [
  EventReason.CREATED,
  EventReason.UPDATED,
  EventReason.TAG,
  EventReason.CONSENT,
];
