import type { Sql } from '../../database/database.js';
import { Rejected, problem } from '../../errors.js';
import { tellEnabled } from '../tell-enabled.js';

interface Place {
  ownerId: string;
  endpointId: string;
}

/** Whether changes that an endpoint was not sent have left the feed, so that its receiver needs a resync. */
export async function needsResync(sql: Pick<Sql, 'rows'>, { ownerId, endpointId }: Place): Promise<boolean> {
  const [behind] = await sql.rows(
    `/* needsResync */ SELECT FROM webhook_cursor c JOIN feed_head h ON h.owner_id = c.owner_id
     WHERE c.owner_id = $1 AND c.endpoint_id = $2 AND c.acked_pos + 1 < h.min_pos LIMIT 1`,
    [ownerId, endpointId],
  );
  return behind !== undefined;
}

/** @throws Rejected where switching an endpoint on would leave out changes in silence (B.7, "re-enable") */
export async function demandNoResync(sql: Pick<Sql, 'rows'>, place: Place, field: string): Promise<void> {
  if (!(await needsResync(sql, place))) return;
  const what = 'changes that were not sent have left the feed: the receiver needs a resync';
  const how = `replayDeliveries(input: { endpointId: "${place.endpointId}", currentState: true }) sends it the present state and switches the endpoint on`;
  throw new Rejected([problem('INVALID', field, `invalid ${field} (${what}; ${how})`)]);
}

/**
 * Moves an endpoint to the head of the feed, for a replay of the present state that is stored in the same transaction:
 * what has happened up to here is told by that state, what happens from now on is sent, so that nothing between is lost.
 * Nothing waits any more, the breaker forgets, and the new epoch fences whoever still held a shard. One that the hub has
 * disabled is active again; one that a person has paused stays paused. The endpoint must be locked (`lockEndpoint`).
 */
export async function moveToHead(sql: Sql, present: Parameters<typeof tellEnabled>[1]): Promise<void> {
  const { ownerId, id: endpointId } = present;
  await sql.rows(
    `/* moveCursorsToHead */
     UPDATE webhook_cursor c SET acked_pos = h.last_pos, handled = '[]', breaker = 'CLOSED', fail_since = NULL, fails = 0,
       probe_at = NULL, lease_owner = NULL, lease_epoch = lease_epoch + 1, lease_until = clock_timestamp()
     FROM feed_head h WHERE h.owner_id = $1 AND c.owner_id = $1 AND c.endpoint_id = $2`,
    [ownerId, endpointId],
  );
  await sql.rows('/* forgetParked */ DELETE FROM webhook_parked WHERE owner_id = $1 AND endpoint_id = $2', [
    ownerId,
    endpointId,
  ]);
  await sql.rows(
    `/* enableResynced */ UPDATE webhook_endpoint SET state = 'ACTIVE', disabled_reason = NULL, updated_at = now()
     WHERE owner_id = $1 AND id = $2 AND state = 'DISABLED'`,
    [ownerId, endpointId],
  );
  const reason = 'a person has asked for the present state; it goes on from now';
  if (present.state === 'DISABLED') await tellEnabled(sql, present, reason);
}
