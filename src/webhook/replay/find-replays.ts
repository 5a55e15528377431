import type { Database, Sql } from '../../database/database.js';
import { selectList } from '../../database/select-list.js';
import type { Page } from '../../graphql/connection.js';
import { WebhookReplay } from './webhook-replay.entity.js';

const columns = selectList(WebhookReplay, 'r');

/** A replay, with why nothing of it is being sent right now; null: it is being sent, or has ended. */
export type FoundReplay = WebhookReplay & { waitingFor: string | null };

const found = `SELECT ${columns}, CASE WHEN r.state <> 'RUNNING' THEN NULL
    WHEN e.state = 'PAUSED' THEN 'the endpoint is paused: the replay goes on when it is switched on'
    WHEN e.state = 'DISABLED' THEN 'the endpoint is disabled: the replay goes on when it is switched on'
    WHEN EXISTS (SELECT FROM webhook_replay b WHERE b.owner_id = r.owner_id AND b.endpoint_id = r.endpoint_id
      AND b.state = 'RUNNING' AND b.id < r.id) THEN 'another replay of this endpoint goes first'
    WHEN EXISTS (SELECT FROM webhook_cursor c WHERE c.owner_id = r.owner_id AND c.endpoint_id = r.endpoint_id
      AND c.breaker = 'OPEN') THEN 'the endpoint is failing: it is probed until it recovers'
    END AS "waitingFor"
  FROM webhook_replay r JOIN webhook_endpoint e ON e.owner_id = r.owner_id AND e.id = r.endpoint_id`;

/** One replay; null: there is none. */
export async function findReplay(sql: Pick<Sql, 'rows'>, ownerId: string, id: string): Promise<FoundReplay | null> {
  const [replay] = await sql.rows<FoundReplay>(`/* findReplay */ ${found} WHERE r.owner_id = $1 AND r.id = $2`, [
    ownerId,
    id,
  ]);
  return replay ?? null;
}

/** A page of the replays of an endpoint, or (null) of all, the newest first; one more than the page holds. */
export const replaysPage = (
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  endpointId: string | null,
  page: Page,
): Promise<FoundReplay[]> =>
  sql.rows<FoundReplay>(
    `/* replaysPage */ ${found}
     WHERE r.owner_id = $1 AND ($2::bigint IS NULL OR r.endpoint_id = $2) AND ($3::bigint IS NULL OR r.id < $3)
     ORDER BY r.id DESC LIMIT $4`,
    [ownerId, endpointId, page.after, page.size + 1],
  );

export async function countReplays(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  endpointId: string | null,
): Promise<number> {
  const [row] = await sql.rows<{ count: number }>(
    `/* countReplays */ SELECT count(*)::int AS count FROM webhook_replay
     WHERE owner_id = $1 AND ($2::bigint IS NULL OR endpoint_id = $2)`,
    [ownerId, endpointId],
  );
  return row!.count;
}

/** Forgets replays that ended more than 30 days ago. */
export async function pruneReplays(db: Database, at: Date | null): Promise<void> {
  await db.asSystem((sql) =>
    sql.rows(
      `/* pruneReplays */ DELETE FROM webhook_replay
       WHERE finished_at < coalesce($1::timestamptz, clock_timestamp()) - interval '30 days'`,
      [at],
    ),
  );
}
