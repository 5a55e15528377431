import type { Sql } from '../database/database.js';
import { tellEndpoints, type Place, type Told } from './notice.js';

/** Why an endpoint is stopped that a shard of it has not reached for so long. */
export const noSuccess = 'no delivery has succeeded for 120 hours';

/**
 * Stops an endpoint until a person enables it again, with the reason in words, and tells of it (`webhook.endpoint.disabled`).
 * Null: it was not active any more, or (`noSuccess`) another of its shards has reached it, so there is nothing to tell.
 */
export async function disableEndpoint(sql: Sql, place: Place, reason: string, at: Date): Promise<Told | null> {
  const disabled = await sql.rows(
    `/* disableEndpoint */
     UPDATE webhook_endpoint SET state = 'DISABLED', disabled_reason = $3, updated_at = clock_timestamp()
     WHERE owner_id = $1 AND id = $2 AND state = 'ACTIVE'
       AND NOT ($4 AND shards > 1 AND EXISTS (SELECT FROM webhook_attempt a WHERE a.owner_id = $1 AND a.endpoint_id = $2
         AND a.state = 'SUCCEEDED' AND a.customer_id IS NOT NULL AND a.at > $5::timestamptz - interval '120 hours'))
     RETURNING 1`,
    [place.ownerId, place.endpointId, reason, reason === noSuccess, at],
  );
  return disabled.length > 0 ? tellEndpoints(sql, place, { type: 'webhook.endpoint.disabled', at, reason }) : null;
}
