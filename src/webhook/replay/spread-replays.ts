import type { Sql } from '../../database/database.js';

/**
 * Divides what endpoints have to replay among their new shards: each begins where the least advanced of the old ones was, so
 * nothing is left out; what the others had sent beyond it is sent again. To be called where the cursors are made anew,
 * while nobody holds one of them.
 */
export async function spreadReplays(
  sql: Pick<Sql, 'rows'>,
  { ownerId, endpointId }: { ownerId: string; endpointId: string },
  shards: number,
): Promise<void> {
  await sql.rows(
    `/* spreadReplays */
     INSERT INTO webhook_replay_part AS p (owner_id, replay_id, shard, position)
     SELECT $1, before.replay_id, shard, before.position FROM generate_series(0, $3::int - 1) AS shard, (
       SELECT p.replay_id, coalesce(min(p.position) FILTER (WHERE NOT p.done), max(p.position)) AS position
       FROM webhook_replay r JOIN webhook_replay_part p ON p.owner_id = r.owner_id AND p.replay_id = r.id
       WHERE r.owner_id = $1 AND r.endpoint_id = $2 AND r.state = 'RUNNING' GROUP BY p.replay_id) AS before
     ON CONFLICT (owner_id, replay_id, shard) DO UPDATE SET position = excluded.position, ahead = '{}', done = false`,
    [ownerId, endpointId, shards],
  );
  await sql.rows(
    `/* dropReplayParts */ DELETE FROM webhook_replay_part p USING webhook_replay r
     WHERE r.owner_id = $1 AND r.endpoint_id = $2 AND r.state = 'RUNNING'
       AND p.owner_id = r.owner_id AND p.replay_id = r.id AND p.shard >= $3`,
    [ownerId, endpointId, shards],
  );
}
