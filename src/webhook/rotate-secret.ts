import type { Database, Sql } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import type { Secret } from '../secret.js';
import { lockEndpoint } from './find-endpoints.js';
import { sealSecret } from './sealed-secret.js';
import { newWebhookSecret } from './signature.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';

const maxLiveSecrets = 3;

/**
 * Gives an endpoint a new signing secret, told here and never again. The old one stays valid for 24 hours, during which
 * requests are signed with both, the new one first (delivery-design B.8).
 * @throws Rejected NOT_FOUND, or LIMIT_EXCEEDED while three are live: no promised day is cut short
 */
export async function rotateSecret(
  hub: { db: Database; secret: Secret },
  ownerId: string,
  id: string,
): Promise<{ webhookEndpoint: WebhookEndpoint; secret: string }> {
  const plain = newWebhookSecret();
  const webhookEndpoint = await hub.db.asOwner(ownerId, async (sql) => {
    const endpoint = await lockEndpoint(sql, ownerId, id);
    await demandRoom(sql, ownerId, id);
    const keyNo = await retireSecrets(sql, ownerId, id);
    await sql.rows(
      `/* insertSecret */
       INSERT INTO webhook_secret (owner_id, endpoint_id, key_no, sealed) VALUES ($1, $2, $3, $4)`,
      [ownerId, id, keyNo, sealSecret(hub.secret, { ownerId, endpointId: id }, keyNo, plain)],
    );
    return endpoint;
  });
  return { webhookEndpoint, secret: plain };
}

async function demandRoom(sql: Sql, ownerId: string, id: string): Promise<void> {
  const [live] = await sql.rows<{ count: number }>(
    `/* countLiveSecrets */ SELECT count(*)::int AS count FROM webhook_secret
     WHERE owner_id = $1 AND endpoint_id = $2 AND (expires_at IS NULL OR expires_at > clock_timestamp())`,
    [ownerId, id],
  );
  if (live!.count >= maxLiveSecrets)
    throw new Rejected([
      problem('LIMIT_EXCEEDED', null, `${maxLiveSecrets} secrets are live; each ends 24 hours after its rotation`),
    ]);
}

/** Starts the last day of the present secret, deletes those that have ended. Gives the number of the next one. */
async function retireSecrets(sql: Sql, ownerId: string, id: string): Promise<number> {
  const [last] = await sql.rows<{ keyNo: number }>(
    `/* lastSecret */ SELECT max(key_no) AS "keyNo" FROM webhook_secret WHERE owner_id = $1 AND endpoint_id = $2`,
    [ownerId, id],
  );
  await sql.rows(
    `/* deleteEndedSecrets */ DELETE FROM webhook_secret
     WHERE owner_id = $1 AND endpoint_id = $2 AND expires_at <= clock_timestamp()`,
    [ownerId, id],
  );
  await sql.rows(
    `/* retireSecret */ UPDATE webhook_secret SET expires_at = clock_timestamp() + interval '24 hours'
     WHERE owner_id = $1 AND endpoint_id = $2 AND expires_at IS NULL`,
    [ownerId, id],
  );
  return (last!.keyNo ?? 0) + 1;
}
