import { caselessKey } from '../format/caseless.js';
import type { SealedColumn } from '../sealed-column.js';
import type { Secret } from '../secret.js';

const purpose = 'customer password';

/**
 * A password as it is stored until the hasher has come to it: AES-256-GCM under the hub's secret, bound to its login.
 * So 10,000 rows need not wait for 10,000 slow hashes, and the clear text is never in the database (A28, A61).
 */
export function sealPassword(secret: Secret, ownerId: string, user: { login: string; password: string }): Buffer {
  return secret.seal(purpose, place(ownerId, user.login), user.password);
}

/** @throws when it was sealed under a secret that is not here, or for another login */
export function openPassword(secret: Secret, ownerId: string, login: string, sealed: Buffer): Buffer {
  return secret.open(purpose, place(ownerId, login), sealed);
}

/** Those that wait for the hasher. */
export const sealedPasswords: SealedColumn = {
  ...{ what: 'passwords that wait for their hash', purpose, table: 'customer_user', column: 'password_sealed' },
  ...{ key: { owner_id: 'bigint', id: 'bigint' }, also: ['login'] },
  placeOf: (row) => place(row.owner_id!, row.login!),
};

const place = (ownerId: string, login: string): string => `${ownerId}|${caselessKey(login)}`;
