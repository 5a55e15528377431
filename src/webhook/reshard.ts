import type { Database, Sql } from '../database/database.js';
import { Rejected } from '../errors.js';
import { lockEndpoint } from './find-endpoints.js';
import { spreadReplays } from './replay/spread-replays.js';
import { shardSql, type Handled } from './shard-slice.js';

export interface Place {
  ownerId: string;
  endpointId: string;
}

/** The endpoints whose number of shards was changed, and of which nobody holds a shard any more. */
export const endpointsToReshard = (sql: Pick<Sql, 'rows'>): Promise<Place[]> =>
  sql.rows<Place>(
    `/* endpointsToReshard */ SELECT owner_id AS "ownerId", id AS "endpointId" FROM webhook_endpoint e
     WHERE resharding AND NOT EXISTS (SELECT FROM webhook_cursor c
       WHERE c.owner_id = e.owner_id AND c.endpoint_id = e.id AND c.lease_until >= clock_timestamp())`,
  );

/**
 * Makes the cursors of an endpoint anew (B.6). Since its number of shards was changed they are given back and not claimed,
 * so what was under way is written down by now. The new ones begin where the oldest one stood, and remember how far each
 * of the others had come: nothing is lost, sent again or overtaken.
 */
export const reshard = (db: Database, place: Place): Promise<void> =>
  db.asSystem(async (sql) => {
    const { ownerId, endpointId } = place;
    const endpoint = await lockEndpoint(sql, ownerId, endpointId).catch((error: unknown) => {
      if (error instanceof Rejected) return null; // deleted meanwhile
      throw error;
    });
    const cursors = endpoint ? await cursorsOf(sql, place) : [];
    const [resharded] = cursors.some(({ held }) => held) ? [] : await endResharding(sql, place);
    if (!endpoint || !resharded) return; // another process was first
    await storeCursors(sql, place, endpoint.shards, handledBy(cursors));
    await sql.rows(
      `/* moveParked */ UPDATE webhook_parked SET shard = ${shardSql('customer_id', '$3::int')}
       WHERE owner_id = $1 AND endpoint_id = $2`,
      [ownerId, endpointId, endpoint.shards],
    );
    await spreadReplays(sql, place, endpoint.shards);
  });

const endResharding = (sql: Sql, { ownerId, endpointId }: Place): Promise<object[]> =>
  sql.rows(
    `/* endResharding */ UPDATE webhook_endpoint SET resharding = false
     WHERE owner_id = $1 AND id = $2 AND resharding RETURNING 1`,
    [ownerId, endpointId],
  );

interface Cursor {
  ackedPos: string;
  handled: Handled[];
  held: boolean;
}

const cursorsOf = (sql: Sql, { ownerId, endpointId }: Place): Promise<Cursor[]> =>
  sql.rows<Cursor>(
    `/* cursorsToReshard */
     SELECT acked_pos AS "ackedPos", handled, lease_until >= clock_timestamp() AS held
     FROM webhook_cursor WHERE owner_id = $1 AND endpoint_id = $2 ORDER BY shard`,
    [ownerId, endpointId],
  );

/**
 * What was done with by now: what these cursors tell, and what those before them told and they have not yet passed. Each
 * entry holds for all customers, so those of all cursors hold together.
 */
function handledBy(cursors: readonly Cursor[]): Handled[] {
  const present = { shards: cursors.length, ackedPos: cursors.map(({ ackedPos }) => ackedPos) };
  const entries = [...cursors.flatMap(({ handled }) => handled), present];
  const all = new Map(entries.map((entry) => [JSON.stringify(entry), entry]));
  const oldest = cursors.map(({ ackedPos }) => BigInt(ackedPos)).reduce((a, b) => (a < b ? a : b));
  return [...all.values()].filter(({ ackedPos }) => ackedPos.some((pos) => BigInt(pos) > oldest));
}

/**
 * The epoch goes on from the highest of all, also where a shard is new: a worker that was paused past its lease must not
 * find its own epoch again. One breaker that is open opens all, since the receiver is the same; it has failed for good only
 * as long as all shards have.
 */
async function storeCursors(sql: Sql, place: Place, shards: number, handled: readonly Handled[]): Promise<void> {
  const parameters = [place.ownerId, place.endpointId, shards];
  await sql.rows(
    `/* storeCursors */
     INSERT INTO webhook_cursor AS c (owner_id, endpoint_id, shard, acked_pos, lease_epoch, lease_until, breaker, fail_since,
       fails, probe_at, handled)
     SELECT $1, $2, shard, before.acked_pos, before.lease_epoch, clock_timestamp(), before.breaker, before.fail_since,
       before.fails, before.probe_at, $4::jsonb
     FROM generate_series(0, $3 - 1) AS shard, (
       SELECT min(acked_pos) AS acked_pos, max(lease_epoch) + 1 AS lease_epoch, max(breaker) AS breaker,
         CASE WHEN bool_and(fail_since IS NOT NULL) THEN max(fail_since) END AS fail_since,
         CASE WHEN bool_and(fail_since IS NOT NULL) THEN max(fails) ELSE 0 END AS fails, min(probe_at) AS probe_at
       FROM webhook_cursor WHERE owner_id = $1 AND endpoint_id = $2) AS before
     ON CONFLICT (owner_id, endpoint_id, shard) DO UPDATE SET acked_pos = excluded.acked_pos,
       lease_owner = NULL, lease_epoch = excluded.lease_epoch, lease_until = excluded.lease_until, breaker = excluded.breaker,
       fail_since = excluded.fail_since, fails = excluded.fails, probe_at = excluded.probe_at, handled = excluded.handled`,
    [...parameters, JSON.stringify(handled)],
  );
  await sql.rows(
    '/* dropCursors */ DELETE FROM webhook_cursor WHERE owner_id = $1 AND endpoint_id = $2 AND shard >= $3',
    parameters,
  );
}
