import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashesAtOnce, PasswordHasher } from '../../src/customer/password-hasher.js';
import { isPassword } from '../../src/customer/password.js';
import { bulkInsert, loginOf } from '../bulk/partner-rows.js';
import { startTestHub, type TestHub } from '../hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

test('A61: idle, hashing takes every processor; busy, half of them; one at least, and never all of the four threads', () => {
  const atOnce = [1, 2, 4, 16].map((processors) => [hashesAtOnce(0.05, processors), hashesAtOnce(0.8, processors)]);
  expect(atOnce).toEqual([
    [1, 1],
    [2, 1],
    [3, 2],
    [3, 3],
  ]);
});

test('A61: hashers side by side hash each password, whose it is, and erase every sealed form', async () => {
  const owner = await hub.owner();
  const rows = Array.from({ length: 40 }, (_, n) => ({
    ...{ code: `C${n}`, name: `Customer ${n}` },
    adminUser: loginOf(n, { password: `secret-${n}` }),
  }));
  expect((await bulkInsert(owner, rows)).counts.users).toBe(40);
  const work = async () => {
    const hasher = new PasswordHasher(hub.hub.db, hub.hub.secret, hub.hub.log);
    let runs = 0;
    while (await hasher.hashSome()) runs++;
    return runs;
  };
  const runs = await Promise.all([work(), work()]);
  expect(
    runs.reduce((sum, n) => sum + n),
    'several in a transaction',
  ).toBeLessThan(10);
  const users = await hub.clone.sql<{
    ownerId: string;
    login: string;
    passwordHash: string | null;
    passwordSealed: Buffer | null;
  }>(
    `SELECT owner_id AS "ownerId", login, password_hash AS "passwordHash", password_sealed AS "passwordSealed"
     FROM customer_user ORDER BY id`,
  );
  expect(users.map(({ passwordSealed }) => passwordSealed)).toEqual(rows.map(() => null));
  for (const n of [0, 17, 39]) {
    expect(users[n]!.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await isPassword(hub.hub.secret, users[n]!, `secret-${n}`)).toBe(true);
    expect(await isPassword(hub.hub.secret, users[n]!, `secret-${n + 1}`)).toBe(false);
  }
});

test('A61: one that was sealed under a secret that is gone is erased and told, and holds up no other', async () => {
  const owner = await hub.owner();
  const rows = [0, 1, 2].map((n) => ({ code: `D${n}`, name: 'D', adminUser: loginOf(100 + n) }));
  await bulkInsert(owner, rows);
  await hub.clone.sql(`UPDATE customer_user SET password_sealed = '\\x00112233' WHERE login = 'user101'`);
  const hasher = new PasswordHasher(hub.hub.db, hub.hub.secret, hub.hub.log);
  while (await hasher.hashSome());
  const left = await hub.clone.sql(
    `SELECT login, password_hash IS NOT NULL AS hashed, password_sealed IS NOT NULL AS sealed
     FROM customer_user WHERE owner_id = $1 ORDER BY id`,
    [owner.id],
  );
  expect(left).toEqual([
    { login: 'user100', hashed: true, sealed: false },
    { login: 'user101', hashed: false, sealed: false },
    { login: 'user102', hashed: true, sealed: false },
  ]);
  expect(hub.logged.map(({ message }) => message)).toContain(
    'a sealed password cannot be opened: was STAMDATA_SECRET changed?',
  );
});
