import type { BulkOperationState } from './bulk-operation-enums.js';
import type { HeldOperation, ImportSql } from './operation-place.js';

/**
 * Ends an operation in the name of who works on it; one that was cancelled or taken over meanwhile is left alone.
 * `file`: with DONE the length and hash of all of it, blank lines at its end too.
 */
export async function endOperation(
  sql: ImportSql,
  { ownerId, id, lease }: HeldOperation,
  state: Exclude<BulkOperationState, 'RUNNING'>,
  note: string | null,
  file: { bytes: number; hash: Buffer } | null = null,
): Promise<boolean> {
  const ended = await sql.rows(
    `/* endOperation */ UPDATE bulk_operation SET state = $4, note = $5, ended_at = clock_timestamp(),
       bytes_read = coalesce($6, bytes_read), content_hash = coalesce($7, content_hash)
     WHERE owner_id = $1 AND id = $2 AND state = 'RUNNING' AND lease_owner = $3 RETURNING 1`,
    [ownerId, id, lease, state, note, file?.bytes ?? null, file?.hash ?? null],
  );
  return ended.length > 0;
}

/** Ends it early, whoever is at it; one that has ended as it should stays as it is. Gives whether there is such a one. */
export async function cancelOperation(sql: ImportSql, ownerId: string, id: string, by: string): Promise<boolean> {
  const found = await sql.rows<{ id: string }>(
    `/* cancelOperation */ WITH cancelled AS (
       UPDATE bulk_operation SET state = 'CANCELLED', note = $3, ended_at = clock_timestamp()
       WHERE owner_id = $1 AND id = $2 AND state IN ('RUNNING', 'INTERRUPTED', 'FAILED'))
     SELECT id FROM bulk_operation WHERE owner_id = $1 AND id = $2`,
    [ownerId, id, `cancelled by ${by}`],
  );
  return found.length > 0;
}
