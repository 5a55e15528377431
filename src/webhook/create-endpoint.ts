import type { Database, Sql } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import type { Secret } from '../secret.js';
import type { AddressGuard } from './address-guard.js';
import { settingsOf, type EndpointSettings } from './endpoint-settings.js';
import { endpointById } from './find-endpoints.js';
import { nameConditions } from './name-conditions.js';
import { sealSecret } from './sealed-secret.js';
import { newWebhookSecret } from './signature.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';
import type { WebhookEndpointInput } from './webhook-endpoint.input.js';

export const maxEndpoints = 20;

/**
 * Makes an endpoint with its first signing secret, which is told here and never again. It gets what happens from now on: its
 * cursors start at the head of the owner's feed. @throws Rejected for wrong settings, or LIMIT_EXCEEDED
 */
export async function createEndpoint(
  hub: { db: Database; secret: Secret; guard: Pick<AddressGuard, 'checkUrl'> },
  ownerId: string,
  input: WebhookEndpointInput,
): Promise<{ webhookEndpoint: WebhookEndpoint; secret: string }> {
  const plain = newWebhookSecret();
  const webhookEndpoint = await hub.db.asOwner(ownerId, async (sql) => {
    const settings = settingsOf(input, hub.guard, undefined, await nameConditions(sql, ownerId, input.conditions));
    await demandRoom(sql, ownerId);
    const id = await insertEndpoint(sql, ownerId, settings);
    const sealed = sealSecret(hub.secret, { ownerId, endpointId: id }, 1, plain);
    await sql.rows(
      `/* insertFirstSecret */
       INSERT INTO webhook_secret (owner_id, endpoint_id, key_no, sealed) VALUES ($1, $2, 1, $3)`,
      [ownerId, id, sealed],
    );
    await sql.rows(
      `/* insertCursors */ INSERT INTO webhook_cursor (owner_id, endpoint_id, shard, acked_pos)
       SELECT owner_id, $2, shard, last_pos FROM feed_head, generate_series(0, $3 - 1) AS shard WHERE owner_id = $1`,
      [ownerId, id, settings.shards],
    );
    return endpointById(sql, ownerId, id);
  });
  return { webhookEndpoint, secret: plain };
}

/** Counted under the lock of the owner's row, so that two calls at once cannot both take the last place. */
async function demandRoom(sql: Sql, ownerId: string): Promise<void> {
  await sql.rows('/* lockOwnerOfEndpoints */ SELECT FROM owner WHERE id = $1 FOR NO KEY UPDATE', [ownerId]);
  const [present] = await sql.rows<{ count: number }>(
    '/* countEndpoints */ SELECT count(*)::int AS count FROM webhook_endpoint WHERE owner_id = $1',
    [ownerId],
  );
  if (present!.count >= maxEndpoints)
    throw new Rejected([problem('LIMIT_EXCEEDED', null, `an owner can have ${maxEndpoints} webhook endpoints`)]);
}

async function insertEndpoint(sql: Sql, ownerId: string, settings: EndpointSettings): Promise<string> {
  const [row] = await sql.rows<{ id: string }>(
    `/* insertEndpoint */
     INSERT INTO webhook_endpoint (owner_id, url, method, content_type, headers, reasons, mode, state, max_inflight, rate_per_s,
       template, money_decimal_comma, operational_events, conditions, except_origins, on_dead, shards)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) RETURNING id`,
    [
      ...[ownerId, settings.url, settings.method, settings.contentType, JSON.stringify(settings.headers)],
      ...[settings.reasons, settings.mode, settings.state, settings.maxInFlight, settings.ratePerSecond],
      ...[settings.template, settings.moneyDecimalComma, settings.operationalEvents],
      ...[settings.conditions, settings.exceptOrigins, settings.onDead, settings.shards],
    ],
  );
  return row!.id;
}
