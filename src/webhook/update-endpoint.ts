import type { Database, Sql } from '../database/database.js';
import type { AddressGuard } from './address-guard.js';
import { settingsOf } from './endpoint-settings.js';
import { endpointById, lockEndpoint } from './find-endpoints.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';
import type { WebhookEndpointInput } from './webhook-endpoint.input.js';

/** Changes an endpoint's settings. @throws Rejected NOT_FOUND, or for wrong settings */
export async function updateEndpoint(
  hub: { db: Database; guard: Pick<AddressGuard, 'checkUrl'> },
  ownerId: string,
  id: string,
  input: WebhookEndpointInput,
): Promise<WebhookEndpoint> {
  return hub.db.asOwner(ownerId, async (sql) => {
    const present = await lockEndpoint(sql, ownerId, id);
    const settings = settingsOf(input, hub.guard, present);
    await sql.rows(
      `/* updateEndpoint */
       UPDATE webhook_endpoint SET url = $3, method = $4, content_type = $5, headers = $6, reasons = $7, mode = $8, state = $9,
         max_inflight = $10, rate_per_s = $11, template = $12, money_decimal_comma = $13, updated_at = now(),
         disabled_reason = CASE WHEN $9 = 'DISABLED' THEN disabled_reason END
       WHERE owner_id = $1 AND id = $2`,
      [
        ...[ownerId, id, settings.url, settings.method, settings.contentType, JSON.stringify(settings.headers)],
        ...[settings.reasons, settings.mode, settings.state, settings.maxInFlight, settings.ratePerSecond],
        ...[settings.template, settings.moneyDecimalComma],
      ],
    );
    if (settings.state === 'ACTIVE' && present.state !== 'ACTIVE') await goOn(sql, ownerId, id);
    return endpointById(sql, ownerId, id);
  });
}

/**
 * Lets an endpoint that was off go on where it stopped, as if it had never failed. Where the feed does not reach back that
 * far any more, it goes on at the feed's beginning: the owner was told by disabledReason. The new epoch fences whoever
 * still held the shard.
 */
async function goOn(sql: Sql, ownerId: string, id: string): Promise<void> {
  await sql.rows(
    `/* goOn */
     UPDATE webhook_cursor c SET breaker = 'CLOSED', fail_since = NULL, fails = 0, probe_at = NULL, lease_owner = NULL,
       lease_epoch = lease_epoch + 1, lease_until = clock_timestamp(), acked_pos = greatest(acked_pos, h.min_pos - 1)
     FROM feed_head h WHERE h.owner_id = $1 AND c.owner_id = $1 AND c.endpoint_id = $2`,
    [ownerId, id],
  );
}
