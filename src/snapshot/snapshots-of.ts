import type { Sql } from '../database/database.js';
import { recomputedSelect } from './snapshot.sql.js';
import type { SnapshotBody } from './snapshot-body.js';

export interface ComputedSnapshot {
  id: string;
  body: SnapshotBody;
  clockDueAt: Date | null;
}

/**
 * Computes the snapshots of customers from their rows alone at a moment (null: now): what the stored ones must be equal to.
 * One statement for any number of ids; unknown ids are left out. Stores nothing.
 */
export async function snapshotsOf(
  sql: Sql,
  ownerId: string,
  customerIds: string[],
  at: Date | null,
): Promise<ComputedSnapshot[]> {
  return sql.rows<ComputedSnapshot>(
    `/* snapshotsOf */ SELECT id, body, clock_due_at AS "clockDueAt" FROM (${recomputedSelect}) AS computed`,
    [ownerId, customerIds, at],
  );
}
