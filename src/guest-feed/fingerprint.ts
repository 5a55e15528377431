import { createHmac } from 'node:crypto';
import type { Secret } from '../secret.js';

/**
 * The fingerprints of a request's body, in hex: tell whether what would be sent has changed (A35). Keyed by the hub's
 * secret, so that nobody who reads the table can try names and addresses against it. The first one is kept; after a change of
 * the secret a stay is known again by those under older ones.
 */
export const fingerprintsOf = (secret: Secret, body: string | null): string[] =>
  secret.deriveEach('guest feed fingerprint', 32).map((key) =>
    createHmac('sha256', key)
      .update(body ?? '')
      .digest('hex'),
  );
