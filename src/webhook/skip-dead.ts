import type { Database, Sql } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import { lockEndpoint } from './find-endpoints.js';
import type { Parked } from './parked.js';

/**
 * Has a dead event of a customer given up (B.7, block): what waits behind it is sent, in order, from its first attempt on.
 * Gives how many later events of the customer wait, wanted or not. @throws Rejected NOT_FOUND
 */
export async function skipDeadDelivery(
  db: Database,
  ownerId: string,
  endpointId: string,
  customerId: string,
): Promise<number> {
  return db.asOwner(ownerId, async (sql) => {
    await lockEndpoint(sql, ownerId, endpointId, 'endpointId');
    const [waiting] = await wantSkipped(sql, { ownerId, endpointId }, customerId);
    if (waiting === undefined)
      throw new Rejected([
        problem('NOT_FOUND', 'customerId', 'invalid customerId (no dead delivery to this endpoint is known)'),
      ]);
    return waiting;
  });
}

/**
 * Tells the dispatcher which dead events of an endpoint are given up: a customer's, or (null) all behind which events wait
 * already. Whoever holds the shard
 * sees it within a second and acts between its own requests, so that no lease has to be broken for it. The endpoint must be
 * locked (`lockEndpoint`): then neither waits for the other in a circle. Gives how many events wait behind each.
 */
export async function wantSkipped(
  sql: Pick<Sql, 'rows'>,
  { ownerId, endpointId }: { ownerId: string; endpointId: string },
  customerId: string | null,
): Promise<number[]> {
  const rows = await sql.rows<{ waiting: number }>(
    `/* wantSkipped */ UPDATE webhook_parked p SET skip = true
     WHERE p.owner_id = $1 AND p.endpoint_id = $2 AND p.state = 'DEAD' AND (p.customer_id = $3 OR $3::bigint IS NULL AND p.last_pos > p.tried_pos)
     RETURNING (SELECT count(*)::int FROM feed f WHERE f.owner_id = $1 AND f.customer_id = p.customer_id
       AND f.pos > coalesce(p.tried_pos, p.last_pos)) AS waiting`,
    [ownerId, endpointId, customerId],
  );
  return rows.map(({ waiting }) => waiting);
}

/** The customers of a shard whose dead event is given up and not yet skipped. */
export async function wantedSkips(
  sql: Pick<Sql, 'rows'>,
  { ownerId, endpointId, shard }: { ownerId: string; endpointId: string; shard: number },
): Promise<string[]> {
  const rows = await sql.rows<{ id: string }>(
    `/* wantedSkips */ SELECT customer_id AS id FROM webhook_parked
     WHERE owner_id = $1 AND endpoint_id = $2 AND shard = $3 AND skip`,
    [ownerId, endpointId, shard],
  );
  return rows.map(({ id }) => id);
}

/** What becomes of a dead customer whose event is given up: it is tried again with the next one; null: none waits. */
export function skipped(dead: Parked, now: Date): Parked | null {
  const { firstPos, lastPos, triedPos, replay } = dead;
  const next = (triedPos ?? lastPos) + 1n;
  const from = next > firstPos ? next : firstPos;
  if (from > lastPos) return null;
  return {
    ...dead,
    ...{ firstPos: from, attempt: 0, nextAt: now, state: 'RETRY', triedPos: null },
    replay: replay && { ...replay, state: false },
  };
}
