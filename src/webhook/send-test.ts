import { randomBytes } from 'node:crypto';
import type { Database } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import type { Secret } from '../secret.js';
import { snapshotsShown } from '../snapshot/snapshots-shown.js';
import type { AddressGuard } from './address-guard.js';
import { recordAttempts } from './attempt.js';
import type { Delivery } from './delivery.entity.js';
import { deliveryById } from './find-deliveries.js';
import { bodyOf } from './message.js';
import { compose } from './outgoing.js';
import { send } from './send.js';
import { loadServedEndpoint } from './served-endpoint.js';

const type = 'webhook.test';

/**
 * Sends a test (`webhook-event: webhook.test`) at once, the way a delivery is sent, and logs it; whatever state the endpoint
 * is in, and without any effect on its deliveries. With a customer the body has this customer's snapshot, else none.
 * @throws Rejected NOT_FOUND
 */
export async function sendTest(
  hub: { db: Database; secret: Secret; guard: AddressGuard },
  target: { ownerId: string; endpointId: string; customerId: string | null },
  version: string,
): Promise<Delivery> {
  const { ownerId, endpointId, customerId } = target;
  const [endpoint, snapshots] = await hub.db.asOwner(ownerId, async (sql) => [
    await loadServedEndpoint(sql, hub.secret, target),
    await snapshotsShown(sql, ownerId, customerId === null ? [] : [customerId]),
  ]);
  if (!endpoint) throw new Rejected([problem('NOT_FOUND', 'id', 'invalid id (no such webhook endpoint)')]);
  const at = new Date();
  const snapshot = (customerId !== null && snapshots.get(customerId)) || null;
  const customerVersion = snapshot?.version ?? null;
  const webhookId = `test_${randomBytes(16).toString('base64url')}`;
  const body = bodyOf({ type, at, customerId, version: customerVersion, reasons: [], snapshot });
  const result = await send(hub.guard, compose(endpoint, { webhookId, type, body, at }, version));
  const state = result.ok ? 'SUCCEEDED' : 'FAILED';
  return hub.db.asOwner(ownerId, async (sql) => {
    const [id] = await recordAttempts(sql, ownerId, [
      { at, endpointId, pos: null, customerId, version: customerVersion, webhookId, attempt: 1, state, result },
    ]);
    return deliveryById(sql, ownerId, id!);
  });
}
