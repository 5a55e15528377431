import { createHmac, randomBytes } from 'node:crypto';

/** A new signing secret of an endpoint: `whsec_` and 32 random bytes in base64 (Standard Webhooks 1.0). */
export function newWebhookSecret(): string {
  return `${secretPrefix}${randomBytes(32).toString('base64')}`;
}

/**
 * The value of `webhook-signature`: one `v1,…` per live secret in the order given (newest first), over exactly the bytes
 * that are sent. `at`: the time of this attempt, also told as `webhook-timestamp` in seconds. By Node's own HMAC: the SHA-256
 * of the `standardwebhooks` library, by which the tests verify, is written in JavaScript.
 * @throws when there is no secret: nothing leaves the hub unsigned.
 */
export function signatureOf(secrets: readonly string[], webhookId: string, at: Date, body: string): string {
  if (secrets.length === 0) throw new Error('the endpoint has no live signing secret');
  const signed = `${webhookId}.${Math.floor(at.getTime() / 1_000)}.${body}`;
  return secrets
    .map((secret) => Buffer.from(secret.slice(secretPrefix.length), 'base64'))
    .map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
    .join(' ');
}

const secretPrefix = 'whsec_';
