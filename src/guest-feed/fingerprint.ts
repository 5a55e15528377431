import { createHmac } from 'node:crypto';
import type { Secret } from '../secret.js';

/**
 * The fingerprint of a request's body, in hex: tells whether what would be sent has changed (A35). Keyed by the hub's
 * secret, so that nobody who reads the table can try names and addresses against it.
 */
export const fingerprintOf = (secret: Secret, body: string | null): string =>
  createHmac('sha256', secret.derive('guest feed fingerprint', 32))
    .update(body ?? '')
    .digest('hex');
