import type { Database, Sql } from '../database/database.js';
import type { AddressGuard } from './address-guard.js';
import { settingsOf } from './endpoint-settings.js';
import { endpointById, lockEndpoint } from './find-endpoints.js';
import { nameConditions } from './name-conditions.js';
import { demandNoResync } from './replay/resync.js';
import { wantSkipped } from './skip-dead.js';
import { tellEnabled } from './tell-enabled.js';
import { markRecentlyTold } from './told-customers.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';
import type { WebhookEndpointInput } from './webhook-endpoint.input.js';

/**
 * Changes an endpoint's settings. @throws Rejected NOT_FOUND, for wrong settings, or to switch on one that needs a resync
 */
export async function updateEndpoint(
  hub: { db: Database; guard: Pick<AddressGuard, 'checkUrl'> },
  ownerId: string,
  id: string,
  input: WebhookEndpointInput,
): Promise<WebhookEndpoint> {
  return hub.db.asOwner(ownerId, async (sql) => {
    const present = await lockEndpoint(sql, ownerId, id);
    const named = await nameConditions(sql, ownerId, input.conditions);
    const settings = settingsOf(input, hub.guard, present, named);
    await sql.rows(
      `/* updateEndpoint */
       UPDATE webhook_endpoint SET url = $3, method = $4, content_type = $5, headers = $6, reasons = $7, mode = $8, state = $9,
         max_inflight = $10, rate_per_s = $11, template = $12, money_decimal_comma = $13, operational_events = $14,
         conditions = $15, except_origins = $16, on_dead = $17, shards = $18::int,
         resharding = $18::int <> (SELECT count(*) FROM webhook_cursor WHERE owner_id = $1 AND endpoint_id = $2),
         updated_at = now(),
         disabled_reason = CASE WHEN $9 = 'DISABLED' THEN disabled_reason END
       WHERE owner_id = $1 AND id = $2`,
      [
        ...[ownerId, id, settings.url, settings.method, settings.contentType, JSON.stringify(settings.headers)],
        ...[settings.reasons, settings.mode, settings.state, settings.maxInFlight, settings.ratePerSecond],
        ...[settings.template, settings.moneyDecimalComma, settings.operationalEvents],
        ...[settings.conditions, settings.exceptOrigins, settings.onDead, settings.shards],
      ],
    );
    if (settings.conditions && !present.conditions) await markRecentlyTold(sql, { ownerId, endpointId: id });
    if (settings.onDead === 'SKIP' && present.onDead === 'BLOCK')
      await wantSkipped(sql, { ownerId, endpointId: id }, null);
    if (settings.state === 'ACTIVE' && present.state !== 'ACTIVE') {
      await demandNoResync(sql, { ownerId, endpointId: id }, 'active');
      await goOn(sql, ownerId, id);
      await tellEnabled(sql, present);
    }
    return endpointById(sql, ownerId, id);
  });
}

/**
 * Lets an endpoint that was off go on where it stopped, as if it had never failed. The new epoch fences whoever still held
 * the shard. With the commit every dispatcher is told, so that what waited leaves at once and not with the next poll.
 */
async function goOn(sql: Sql, ownerId: string, id: string): Promise<void> {
  await sql.rows(
    `/* goOn */
     UPDATE webhook_cursor SET breaker = 'CLOSED', fail_since = NULL, fails = 0, probe_at = NULL, lease_owner = NULL,
       lease_epoch = lease_epoch + 1, lease_until = clock_timestamp()
     WHERE owner_id = $1 AND endpoint_id = $2`,
    [ownerId, id],
  );
  await sql.rows(`/* wakeDispatchers */ SELECT pg_notify('stamdata_feed', '')`);
}
