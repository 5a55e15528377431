import { theOwner } from '../database/the-owner.js';
import { EventReason } from '../event-reason.js';
import type { Write } from '../write.js';
import { snapshotSelect } from './snapshot.sql.js';

/**
 * Recomputes the snapshots of locked customers and touches those whose body has changed, with the reason CLOCK; of the
 * others only the moment at which they are due is stored. `due`: leave those alone that are not due by the clock.
 */
export async function refreshSnapshots(tx: Write, customerIds: string[], only: 'due' | 'all'): Promise<void> {
  const rows = await tx.rows<{ id: string; changed: boolean }>(
    `/* refreshSnapshots */
     WITH computed AS MATERIALIZED (${snapshotSelect}),
     judged AS (
       SELECT c.id, c.clock_due_at, (c.body - '{version,computedAt}'::text[]) <> (s.body - '{version,computedAt}'::text[]) AS changed
       FROM computed c JOIN customer_snapshot s ON s.owner_id = ${theOwner} AND s.customer_id = c.id
       WHERE $4 = 'all' OR s.clock_due_at <= c.at),
     unchanged AS (
       UPDATE customer_snapshot s SET clock_due_at = j.clock_due_at FROM judged j
       WHERE s.owner_id = ${theOwner} AND s.customer_id = j.id AND NOT j.changed)
     SELECT id, changed FROM judged`,
    [tx.ownerId, customerIds, tx.at, only],
  );
  tx.touch(
    rows.filter((row) => row.changed).map((row) => row.id),
    EventReason.CLOCK,
  );
}
