import { EventReason } from '../event-reason.js';
import type { Write } from '../write.js';

/** Enables customers of the owner, or disables them. Each that was in the other state is an event; the rest is untouched. */
export async function setCustomersEnabled(tx: Write, ids: string[], enabled: boolean): Promise<void> {
  if (ids.length === 0) return;
  // in the order of the ids, so that calls at once queue; the state is read under the lock, by the next statement
  await tx.rows(
    `/* lockCustomersToEnable */ SELECT FROM customer WHERE owner_id = $1 AND id = ANY ($2::bigint[])
     ORDER BY id FOR NO KEY UPDATE`,
    [tx.ownerId, ids],
  );
  const changed = await tx.rows<{ id: string }>(
    `/* setCustomersEnabled */ UPDATE customer SET enabled = $3, version = version + 1,
       updated_at = coalesce($4::timestamptz, statement_timestamp())
     WHERE owner_id = $1 AND id = ANY ($2::bigint[]) AND enabled <> $3 RETURNING id`,
    [tx.ownerId, ids, enabled, tx.at],
  );
  tx.touchRaised(
    changed.map(({ id }) => id),
    EventReason.UPDATED,
  );
}
