import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** A new signing secret of an endpoint: `whsec_` and 32 random bytes in base64 (Standard Webhooks 1.0). */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/**
 * The value of `webhook-signature`: one `v1,…` per live secret in the order given (newest first), over exactly the bytes
 * that are sent. `at`: the time of this attempt, also told as `webhook-timestamp` in seconds.
 * @throws when there is no secret: nothing leaves the hub unsigned.
 */
export function signatureOf(secrets: readonly string[], webhookId: string, at: Date, body: string): string {
  if (secrets.length === 0) throw new Error('the endpoint has no live signing secret');
  return secrets.map((secret) => new Webhook(secret).sign(webhookId, at, body)).join(' ');
}
