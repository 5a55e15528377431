import { afterAll, beforeAll, expect, test } from 'vitest';
import { PasswordHasher } from '../../src/customer/password-hasher.js';
import { isPassword } from '../../src/customer/password.js';
import { sealedPasswords } from '../../src/customer/sealed-password.js';
import type { Database } from '../../src/database/database.js';
import { SealingKey } from '../../src/sealing-key.js';
import { sealAnew } from '../../src/secret-command/seal-anew.js';
import { Secret } from '../../src/secret.js';
import { bulkInsert, loginOf } from '../bulk/partner-rows.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

const count = 1_234;
const [old, young] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8)];
const rotating = new Secret(young, [old]);

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api', STAMDATA_SECRET: old.toString('base64') } });
  owner = await hub.owner();
  const rows = Array.from({ length: count }, (_, n) => ({
    ...{ code: `C${n}`, name: 'C' },
    adminUser: loginOf(n, { password: `secret-${n}` }),
  }));
  expect((await bulkInsert(owner, rows)).counts.users).toBe(count);
});
afterAll(() => hub.stop());

const headers = () =>
  hub.clone.sql<{ key: string; count: number }>(
    `SELECT encode(substring(password_sealed FROM 5 FOR 4), 'hex') AS key, count(*)::int AS count FROM customer_user
     WHERE password_sealed IS NOT NULL GROUP BY 1 ORDER BY count`,
  );

/** The hub's database, until so many transactions have been made on it. */
function brokenAfter(transactions: number): Database {
  const { db } = hub.hub;
  let made = 0;
  const asSystem: Database['asSystem'] = (work) =>
    made++ < transactions ? db.asSystem(work) : Promise.reject(new Error('cut'));
  return { asSystem } as Database;
}

test('design C: a rotation that is cut off has kept its batches, and the next one does the rest', async () => {
  await expect(sealAnew(brokenAfter(1), rotating, sealedPasswords)).rejects.toThrow('cut');
  expect(await headers()).toEqual([
    { key: new SealingKey(young).id, count: 500 },
    { key: new SealingKey(old).id, count: count - 500 },
  ]);
  const both = await Promise.all([1, 2].map(() => sealAnew(hub.hub.db, rotating, sealedPasswords)));
  expect(both.map(({ unopened }) => unopened)).toEqual([0, 0]);
  expect(both[0]!.sealed + both[1]!.sealed, 'side by side, none twice').toBe(count - 500);
  expect(await headers()).toEqual([{ key: new SealingKey(young).id, count }]);
  expect(await sealAnew(hub.hub.db, rotating, sealedPasswords)).toEqual({ sealed: 0, unopened: 0 });
});

test('design C: each value opens under the new secret, in its own place', async () => {
  const users = await hub.clone.sql<{ login: string; passwordHash: null; passwordSealed: Buffer; ownerId: string }>(
    `SELECT owner_id AS "ownerId", login, password_hash AS "passwordHash", password_sealed AS "passwordSealed"
     FROM customer_user`,
  );
  const alone = new Secret(young);
  for (const user of users) expect(await isPassword(alone, user, `secret-${user.login.slice(4)}`)).toBe(true);
  await expect(isPassword(alone, { ...users[0]!, login: 'another' }, 'x')).rejects.toThrow();
});

test('A61: a hasher without the secret of a password leaves it to one that has it', async () => {
  await hub.clone.sql(`DELETE FROM customer_user WHERE login NOT IN ('user1', 'user2')`);
  const hasher = (secret: Secret) => new PasswordHasher(hub.hub.db, secret, hub.hub.log);
  expect(await hasher(hub.hub.secret).hashSome()).toBe(false);
  expect(await headers()).toEqual([{ key: new SealingKey(young).id, count: 2 }]);
  while (await hasher(rotating).hashSome());
  const hashed = await hub.clone.sql('SELECT FROM customer_user WHERE password_hash IS NOT NULL');
  expect(hashed).toHaveLength(2);
});
