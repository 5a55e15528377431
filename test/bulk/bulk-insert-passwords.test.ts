import { afterAll, beforeAll, expect, test } from 'vitest';
import { isPassword } from '../../src/customer/password.js';
import { startTestHub, type TestHub } from '../hub.js';
import { bulkInsert, bulkMutation, everythingStored, loginOf, partnerRow } from './partner-rows.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

interface StoredUser {
  ownerId: string;
  login: string;
  passwordHash: string | null;
  passwordSealed: Buffer | null;
}

const storedUsers = () =>
  hub.clone.sql<StoredUser>(
    `SELECT owner_id AS "ownerId", login, password_hash AS "passwordHash", password_sealed AS "passwordSealed"
     FROM customer_user ORDER BY id`,
  );

const unusual = 'zq9!Ünïq→'; // in no other value; white space and all beyond ASCII are part of a password
const passwords = [unusual, ' zq9 pass ', 'zq9plain'];
/** The forms in which a password could have slipped through. */
const formsOf = (password: string): string[] => [
  password,
  Buffer.from(password).toString('hex'),
  Buffer.from(password).toString('base64').replace(/=+$/, ''),
];

function expectNoPasswordIn(text: string): void {
  for (const form of passwords.flatMap(formsOf)) expect(text).not.toContain(form);
}

test('A28, A61: a password is sealed, then hashed, holds before and after, and appears nowhere', async () => {
  const owner = await hub.owner();
  const rows = passwords.map((password, n) => partnerRow(n, { adminUser: loginOf(n, { password }) }));
  const options = { profile: 'PARTNER', idempotencyKey: 'k' } as const;
  const answers = [
    await bulkInsert(owner, rows, { ...options, dryRun: true }),
    await bulkInsert(owner, rows, options),
    await bulkInsert(owner, rows, options),
    await bulkInsert(owner, rows, { profile: 'PARTNER' }),
  ];
  expect(answers[1]!.counts).toMatchObject({ customers: 3, users: 3 });
  expectNoPasswordIn(JSON.stringify(answers));
  expectNoPasswordIn(await everythingStored(hub));

  const sealed = await storedUsers();
  for (const [n, user] of sealed.entries()) {
    expect(user).toMatchObject({ login: `user${n}`, passwordHash: null });
    expect(await isPassword(hub.hub.secret, user, passwords[n]!)).toBe(true);
    for (const wrong of [`${passwords[n]} `, passwords[n]!.trim().toUpperCase(), ''])
      expect(await isPassword(hub.hub.secret, user, wrong)).toBe(false);
  }

  const hasher = await startTestHub({ clone: hub.clone, env: { STAMDATA_ROLES: 'clock' } });
  await expect
    .poll(async () => (await storedUsers()).every((user) => user.passwordHash !== null), { timeout: 15_000 })
    .toBe(true);
  await hasher.stop();
  for (const [n, user] of (await storedUsers()).entries()) {
    expect(user.passwordSealed).toBeNull();
    expect(user.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await isPassword(hub.hub.secret, user, passwords[n]!)).toBe(true);
    expect(await isPassword(hub.hub.secret, user, `${passwords[n]}x`)).toBe(false);
  }
  expectNoPasswordIn(await everythingStored(hub));
  expectNoPasswordIn(JSON.stringify([...hub.logged, ...hasher.logged]));
});

test('A61: a sealed password is of use for its own login only', async () => {
  const owner = await hub.owner();
  await bulkInsert(owner, [partnerRow(10, { adminUser: loginOf(10, { password: unusual }) })]);
  const user = (await storedUsers()).find(({ login }) => login === 'user10')!;
  await expect(isPassword(hub.hub.secret, { ...user, login: 'user11' }, unusual)).rejects.toThrow();
});

test('A28: a row that cannot be read is refused without repeating what is in it', async () => {
  const owner = await hub.owner();
  const misspelt = partnerRow(1, { adminUser: loginOf(1, { password: unusual, pasword: unusual }) });
  const input = { ownerCode: owner.code, customers: [misspelt] };
  const { errors } = await hub.request(bulkMutation, { input }, { key: owner.key });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(errors![0]!.message).toMatch(
    /^Variable "\$input" got invalid value at "input\.customers\[0\]\.adminUser"; \w+/,
  );
  const shapes = await bulkInsert(owner, [
    partnerRow(3, { adminUser: [unusual] }),
    partnerRow(4, { adminUser: unusual }),
    partnerRow(5),
  ]);
  expect(shapes.errors.map((error) => error.errors)).toEqual([['invalid adminUser'], ['invalid adminUser']]);
  expect(shapes.results.map(({ customer }) => customer)).toEqual([false, false, true]);
  expectNoPasswordIn(JSON.stringify([errors, shapes]));
  const wrong = await bulkInsert(owner, [
    partnerRow(2, { adminUser: loginOf(2, { password: `${unusual}${unusual}` }) }),
  ]);
  expect(wrong.errors[0]!.errors).toEqual(['invalid adminUser.password']);
  expectNoPasswordIn(JSON.stringify([wrong, hub.logged]));
});
