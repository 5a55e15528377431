import type { Sql } from '../database/database.js';
import { tellEndpoints } from './notice.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';

/**
 * For an endpoint that a person has switched on again, within the transaction that did it: it counts as one that never
 * failed, and `webhook.endpoint.enabled` ends what `disabled` or `failing` has told. `before`: as it was; `reason`: in words.
 */
export async function tellEnabled(
  sql: Sql,
  before: Pick<WebhookEndpoint, 'ownerId' | 'id' | 'state' | 'failureLevel'>,
  reason = 'switched on by a person; it goes on where it stopped',
): Promise<void> {
  const [row] = await sql.rows<{ at: Date }>(
    `/* forgetFailing */ UPDATE webhook_endpoint SET failure_level = 0, failing_since = NULL, failing_reason = NULL
     WHERE owner_id = $1 AND id = $2 RETURNING clock_timestamp() AS at`,
    [before.ownerId, before.id],
  );
  if (before.state !== 'DISABLED' && before.failureLevel === 0) return;
  const place = { ownerId: before.ownerId, endpointId: before.id };
  await tellEndpoints(sql, place, { type: 'webhook.endpoint.enabled', at: row!.at, reason });
}
