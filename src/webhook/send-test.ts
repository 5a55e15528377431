import { randomBytes } from 'node:crypto';
import type { Database } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import type { Secret } from '../secret.js';
import { subjectsShown } from '../snapshot/subjects-shown.js';
import type { AddressGuard } from './address-guard.js';
import { recordAttempts } from './attempt.js';
import { contentOf } from './content.js';
import type { Delivery } from './delivery.entity.js';
import { deliveryByWebhookId } from './find-deliveries.js';
import { compose } from './outgoing.js';
import { notSent, send } from './send.js';
import { loadServedEndpoint } from './served-endpoint.js';

const type = 'webhook.test';

/**
 * Sends a test (`webhook-event: webhook.test`) at once, the way a delivery is sent, and logs it; whatever state the endpoint
 * is in, and without any effect on its deliveries. With a customer the body tells of this customer, else it is the default
 * one without a snapshot, template or not: a made-up customer might be stored by the receiver.
 * @throws Rejected NOT_FOUND
 */
export async function sendTest(
  hub: { db: Database; secret: Secret; guard: AddressGuard },
  target: { ownerId: string; endpointId: string; customerId: string | null },
  version: string,
): Promise<Delivery> {
  const { ownerId, customerId } = target;
  const [endpoint, subjects] = await hub.db.asOwner(ownerId, async (sql) => [
    await loadServedEndpoint(sql, hub.secret, target),
    await subjectsShown(sql, ownerId, customerId === null ? [] : [customerId], null),
  ]);
  if (!endpoint) throw new Rejected([problem('NOT_FOUND', 'id', 'invalid id (no such webhook endpoint)')]);
  const at = new Date();
  const subject = (customerId !== null && subjects.get(customerId)) || null;
  const customerVersion = subject?.snapshot.version ?? null;
  const webhookId = `test_${randomBytes(16).toString('base64url')}`;
  const content = contentOf(endpoint, { type, at, customerId, version: customerVersion, reasons: [] }, subject);
  const result =
    'fault' in content
      ? notSent(content.fault)
      : await send(hub.guard, compose(endpoint, { webhookId, type, content, at }, version));
  const state = result.ok ? 'SUCCEEDED' : 'FAILED';
  return hub.db.asOwner(ownerId, async (sql) => {
    await recordAttempts(sql, target, [
      { at, pos: null, customerId, version: customerVersion, webhookId, attempt: 1, state, result },
    ]);
    return deliveryByWebhookId(sql, target, webhookId);
  });
}
