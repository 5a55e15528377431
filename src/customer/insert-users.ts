import type { AdminUserFields } from '../bulk/customer-fields.js';
import { caselessKey } from '../format/caseless.js';
import type { Secret } from '../secret.js';
import { Raced, type Write } from '../write.js';
import { sealPassword } from './sealed-password.js';

/**
 * Inserts the logins of new customers (N16–N20), their passwords sealed (A61). Their logins were seen to be free before.
 * Gives the indexes of the rows whose login was made.
 */
export async function insertUsers(
  tx: Write,
  secret: Secret,
  users: (AdminUserFields & { index: number; customerId: string })[],
): Promise<Set<number>> {
  if (users.length === 0) return new Set();
  const inserted = await tx.rows(
    `/* insertUsers */
     INSERT INTO customer_user (owner_id, customer_id, name, email, login, login_key, foreign_code, password_sealed)
     SELECT $1, u.customer_id, u.name, u.email, u.login, u.login_key, u.foreign_code, decode(u.sealed, 'base64')
     FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
       AS u (customer_id, name, email, login, login_key, foreign_code, sealed)
     ON CONFLICT DO NOTHING RETURNING 1`,
    [
      tx.ownerId,
      users.map((user) => user.customerId),
      users.map((user) => user.name),
      users.map((user) => user.email),
      users.map((user) => user.login),
      users.map((user) => caselessKey(user.login)),
      users.map((user) => user.foreignCode),
      users.map((user) => sealPassword(secret, tx.ownerId, user).toString('base64')),
    ],
  );
  if (inserted.length < users.length) throw new Raced();
  return new Set(users.map((user) => user.index));
}
