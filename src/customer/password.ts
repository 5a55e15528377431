import { hash, verify } from '@node-rs/argon2';
import { caselessKey } from '../format/caseless.js';
import type { Secret } from '../secret.js';

const purpose = 'customer password';

/** `Algorithm.Argon2id`; a const enum cannot be imported as a value. */
const argon2id = 2;
/** argon2id at the strength that A61 asks for: 19 MiB, two passes. */
const strength = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * A password as it is stored until the hasher has come to it: AES-256-GCM under the hub's secret, bound to its login.
 * So 10,000 rows need not wait for 10,000 slow hashes, and the clear text is never in the database (A28, A61).
 */
export function sealPassword(secret: Secret, ownerId: string, user: { login: string; password: string }): Buffer {
  return secret.seal(purpose, place(ownerId, user.login), user.password);
}

/** The slow hash of a sealed password. @throws when it was sealed under another secret or for another login */
export function hashSealedPassword(secret: Secret, ownerId: string, login: string, sealed: Buffer): Promise<string> {
  return hash(secret.open(purpose, place(ownerId, login), sealed), strength);
}

/** Whether a password is the login's, before and after it has been hashed. */
export async function isPassword(
  secret: Secret,
  user: { ownerId: string; login: string; passwordHash: string | null; passwordSealed: Buffer | null },
  password: string,
): Promise<boolean> {
  if (user.passwordHash) return verify(user.passwordHash, password);
  if (!user.passwordSealed) return false;
  return secret.open(purpose, place(user.ownerId, user.login), user.passwordSealed).equals(Buffer.from(password));
}

const place = (ownerId: string, login: string): string => `${ownerId}|${caselessKey(login)}`;
