import { hash, verify } from '@node-rs/argon2';
import type { Secret } from '../secret.js';
import { openPassword } from './sealed-password.js';

/** `Algorithm.Argon2id`; a const enum cannot be imported as a value. */
const argon2id = 2;
/** argon2id at the strength that A61 asks for: 19 MiB, two passes. */
const strength = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The slow hash of a sealed password. @throws when it was sealed under another secret or for another login */
export function hashSealedPassword(secret: Secret, ownerId: string, login: string, sealed: Buffer): Promise<string> {
  return hash(openPassword(secret, ownerId, login, sealed), strength);
}

/** Whether a password is the login's, before and after it has been hashed. */
export async function isPassword(
  secret: Secret,
  user: { ownerId: string; login: string; passwordHash: string | null; passwordSealed: Buffer | null },
  password: string,
): Promise<boolean> {
  if (user.passwordHash) return verify(user.passwordHash, password);
  if (!user.passwordSealed) return false;
  return openPassword(secret, user.ownerId, user.login, user.passwordSealed).equals(Buffer.from(password));
}
