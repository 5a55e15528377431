import type { RowOutcome } from '../bulk/apply-rows.js';
import type { Sql } from '../database/database.js';

export type ImportSql = Pick<Sql, 'rows'>;

/** An operation as whoever works on it names it: `lease` is its own, and nobody else's. */
export interface HeldOperation {
  ownerId: string;
  id: string;
  lease: string;
}

export interface Counts {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  rejected: number;
}

/** How far a file has been taken in: rows, their bytes, and the hash of those bytes. */
export interface Place {
  counts: Counts;
  bytes: number;
  hash: Buffer | null;
}

/** It was cancelled, or another request goes on with it: whoever sees this has nothing to write any more. */
export class PlaceLost extends Error {}

/** How long an operation belongs to a process that says nothing more; it says so every second. */
export const leaseSeconds = 5;

/** The chunk before this one was not committed after all. */
export class OutOfTurn extends Error {}

/**
 * Locks the operation until the transaction ends. While it does, nobody else can take or cancel it; if somebody did before,
 * @throws PlaceLost
 * @throws OutOfTurn when it is not behind so many rows
 */
export async function lockPlace(sql: ImportSql, { ownerId, id, lease }: HeldOperation, rows: number): Promise<void> {
  const [held] = await sql.rows<{ rows: number }>(
    `/* lockPlace */ SELECT rows FROM bulk_operation
     WHERE owner_id = $1 AND id = $2 AND state = 'RUNNING' AND lease_owner = $3 FOR UPDATE`,
    [ownerId, id, lease],
  );
  if (!held) throw new PlaceLost();
  if (held.rows !== rows) throw new OutOfTurn();
}

/** Moves the place behind a chunk, in the transaction that writes it, and keeps what became of its rows. */
export async function movePlace(
  sql: ImportSql,
  { ownerId, id }: HeldOperation,
  before: number,
  after: Place,
  lines: string,
): Promise<void> {
  const { counts, bytes, hash } = after;
  await sql.rows(
    `/* movePlace */ UPDATE bulk_operation SET rows = $3, created = $4, updated = $5, unchanged = $6, skipped = $7,
       rejected = $8, bytes_read = $9, content_hash = $10,
       lease_until = clock_timestamp() + interval '${leaseSeconds} seconds'
     WHERE owner_id = $1 AND id = $2`,
    [
      ownerId,
      id,
      ...[counts.rows, counts.created, counts.updated, counts.unchanged, counts.skipped, counts.rejected],
      ...[bytes, hash],
    ],
  );
  await sql.rows(
    '/* storeResults */ INSERT INTO bulk_operation_result (owner_id, operation_id, first_row, lines) VALUES ($1, $2, $3, $4)',
    [ownerId, id, before + 1, lines],
  );
}

/** The counts with those of some more rows. */
export function countOutcomes(counts: Counts, outcomes: readonly Pick<RowOutcome, 'action'>[]): Counts {
  const sum = { ...counts, rows: counts.rows + outcomes.length };
  for (const { action } of outcomes) sum[countOf[action]]++;
  return sum;
}

export const noRows: Counts = { rows: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, rejected: 0 };

const countOf = {
  CREATE: 'created',
  UPDATE: 'updated',
  UNCHANGED: 'unchanged',
  SKIPPED: 'skipped',
  REJECT: 'rejected',
} as const;
