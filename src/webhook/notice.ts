import type { Sql } from '../database/database.js';

/** The types of operational events, also the header `webhook-event`. */
export type NoticeType =
  'webhook.endpoint.failing' | 'webhook.endpoint.recovered' | 'webhook.endpoint.disabled' | 'webhook.endpoint.enabled';

export interface Place {
  ownerId: string;
  endpointId: string;
}

/** A change of an endpoint's state that somebody has to hear of: for the log, after the commit. */
export interface Told extends Place {
  type: NoticeType;
  /** In words; of customers nothing but how many. */
  reason: string;
}

/**
 * Tells a change of an endpoint's state to every other endpoint of the owner that asks for operational events: leaves a row
 * each, in the transaction of the change, so that no crash can lose it; `notice-sender.ts` sends them. An endpoint is never
 * told of itself. Nothing of a customer is told, and of the URL the host alone: paths and queries carry credentials.
 */
export async function tellEndpoints(
  sql: Sql,
  place: Place,
  { type, at, reason }: { type: NoticeType; at: Date; reason: string },
): Promise<Told> {
  const { ownerId, endpointId } = place;
  const { url, ...figures } = await figuresOf(sql, place);
  const data = { endpointId, host: new URL(url).host, reason, ...figures };
  await sql.rows(
    `/* tellEndpoints */
     INSERT INTO webhook_notice (owner_id, endpoint_id, about_id, type, body, created_at, next_at)
     SELECT owner_id, id, $2, $3, $4, $5, $5 FROM webhook_endpoint
     WHERE owner_id = $1 AND id <> $2 AND operational_events ORDER BY id`,
    [ownerId, endpointId, type, JSON.stringify({ type, timestamp: at.toISOString(), data }), at],
  );
  return { ownerId, endpointId, type, reason };
}

/** What a notice tells of the endpoint beside its reason. */
interface Figures {
  url: string;
  state: 'ACTIVE' | 'PAUSED' | 'DISABLED';
  failingSince: Date | null;
  /** Customers whose delivery waits for its next attempt, and those whose attempts are used up. */
  parked: number;
  dead: number;
  /** Events that the endpoint is behind the feed. */
  lag: number;
  /** HTTP status of the last failed attempt; null: none, or no answer came. */
  lastStatus: number | null;
}

async function figuresOf(sql: Sql, { ownerId, endpointId }: Place): Promise<Figures> {
  const [figures] = await sql.rows<Omit<Figures, 'lag'> & { lag: string }>(
    `/* figuresOfNotice */
     SELECT e.url, e.state, e.failing_since AS "failingSince",
       (SELECT count(*)::int FROM webhook_parked p
         WHERE p.owner_id = e.owner_id AND p.endpoint_id = e.id AND p.state = 'RETRY') AS parked,
       (SELECT count(*)::int FROM webhook_parked p
         WHERE p.owner_id = e.owner_id AND p.endpoint_id = e.id AND p.state = 'DEAD') AS dead,
       (SELECT coalesce(max(h.last_pos - c.acked_pos), 0) FROM webhook_cursor c JOIN feed_head h USING (owner_id)
         WHERE c.owner_id = e.owner_id AND c.endpoint_id = e.id) AS lag,
       (SELECT a.status FROM webhook_attempt a
         WHERE a.owner_id = e.owner_id AND a.endpoint_id = e.id AND a.state <> 'SUCCEEDED' AND a.pos IS NOT NULL
         ORDER BY a.id DESC LIMIT 1) AS "lastStatus"
     FROM webhook_endpoint e WHERE e.owner_id = $1 AND e.id = $2`,
    [ownerId, endpointId],
  );
  return { ...figures!, lag: Number(figures!.lag) };
}
