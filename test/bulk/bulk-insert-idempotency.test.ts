import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { bulkInsert, contentsOf, outboxOf, type BulkOptions } from './partner-rows.js';
import type { Row } from './rows.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const row = (code: string, changes: Row = {}): Row => ({ code, name: `Customer ${code}`, ...changes });
const keysOf = (owner: TestOwner) =>
  hub.clone.sql<{ key: string; hash: string }>(
    `SELECT key, encode(request_hash, 'hex') AS hash FROM idempotency WHERE owner_id = $1`,
    [owner.id],
  );

test('the same key with the same rows gives the stored answer and has no second effect', async () => {
  const owner = await hub.owner();
  const rows = [row('A'), row('B', { email: 'no' })];
  const first = await bulkInsert(owner, rows, { idempotencyKey: 'k' });
  const before = await contentsOf(hub);
  const reordered = rows.map((fields) => Object.fromEntries(Object.entries(fields).reverse()));
  for (const again of [rows, reordered]) expect(await bulkInsert(owner, again, { idempotencyKey: 'k' })).toEqual(first);
  expect(await contentsOf(hub)).toEqual(before);
  expect(await outboxOf(hub, owner)).toEqual(['A CREATED']);
});

test('the same key with anything else asked for is IDEMPOTENCY_KEY_REUSED', async () => {
  const owner = await hub.owner();
  const key = { idempotencyKey: 'k' };
  await bulkInsert(owner, [row('A')], key);
  const before = await contentsOf(hub);
  const others: [Row[], BulkOptions][] = [
    [[row('A', { city: 'Oslo' })], key],
    [[row('A'), row('B')], key],
    [[row('A')], { ...key, profile: 'PARTNER' }],
    [[row('A')], { ...key, errorPolicy: 'REJECT_EVERYTHING' }],
  ];
  for (const [rows, options] of others) {
    const answer = await bulkInsert(owner, rows, options);
    expect(answer.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED', field: 'idempotencyKey' }]);
    expect(answer).toMatchObject({ results: [], counts: { customers: 0, rejected: rows.length } });
  }
  expect(await contentsOf(hub)).toEqual(before);
});

test('keys of another owner are none of this one', async () => {
  const [first, second] = [await hub.owner(), await hub.owner()];
  await bulkInsert(first, [row('A')], { idempotencyKey: 'k' });
  const answer = await bulkInsert(second, [row('B')], { idempotencyKey: 'k' });
  expect(answer).toMatchObject({ userErrors: [], counts: { customers: 1 } });
});

test('A57: a dry run takes no notice of the key, and leaves none', async () => {
  const owner = await hub.owner();
  const dry = await bulkInsert(owner, [row('A')], { idempotencyKey: 'k', dryRun: true });
  expect(dry).toMatchObject({ dryRun: true, results: [{ customer: true, customerId: null }] });
  expect(await keysOf(owner)).toEqual([]);
  const real = await bulkInsert(owner, [row('B')], { idempotencyKey: 'k' });
  expect(real.counts.customers).toBe(1);
  const dryAgain = await bulkInsert(owner, [row('C')], { idempotencyKey: 'k', dryRun: true });
  expect(dryAgain).toMatchObject({ userErrors: [], results: [{ code: 'C', customer: true }] });
});

test('two at once: one effect, and the other is told to wait or given the same answer', async () => {
  const owner = await hub.owner();
  const rows = Array.from({ length: 300 }, (_, i) => row(`C${i}`));
  const answers = await Promise.all([1, 2, 3, 4].map(() => bulkInsert(owner, rows, { idempotencyKey: 'k' })));
  const done = answers.filter(({ userErrors }) => userErrors.length === 0);
  expect(done.length).toBeGreaterThan(0);
  for (const answer of done) expect(answer).toEqual(done[0]);
  for (const answer of answers)
    if (!done.includes(answer)) expect(answer.userErrors).toMatchObject([{ code: 'IN_PROGRESS' }]);
  expect(done[0]!.counts.customers).toBe(300);
  expect(await outboxOf(hub, owner)).toHaveLength(300);
  expect(await bulkInsert(owner, rows, { idempotencyKey: 'k' })).toEqual(done[0]);
});

test('a call that was refused as a whole is not stored: the key is free for the call that is right', async () => {
  const owner = await hub.owner();
  const refused = await bulkInsert(owner, [], { idempotencyKey: 'k' });
  expect(refused.userErrors).toHaveLength(1);
  expect(await keysOf(owner)).toEqual([]);
  const answer = await bulkInsert(owner, [row('A')], { idempotencyKey: 'k' });
  expect(answer.counts.customers).toBe(1);
});

test('a batch of which every row was rejected is stored: it was judged', async () => {
  const owner = await hub.owner();
  const first = await bulkInsert(owner, [row('A', { email: 'no' })], { idempotencyKey: 'k' });
  expect(first.counts.rejected).toBe(1);
  expect((await keysOf(owner)).map(({ key }) => key)).toEqual(['k']);
  expect(await bulkInsert(owner, [row('A', { email: 'no' })], { idempotencyKey: 'k' })).toEqual(first);
});

test('a key is 1 to 255 characters without NUL', async () => {
  const owner = await hub.owner();
  for (const idempotencyKey of ['', 'x'.repeat(256), 'a\0b']) {
    const answer = await bulkInsert(owner, [row('A')], { idempotencyKey });
    expect(answer.userErrors).toMatchObject([{ code: 'INVALID', field: 'idempotencyKey' }]);
  }
  const longest = await bulkInsert(owner, [row('A')], { idempotencyKey: 'x'.repeat(255) });
  expect(longest.counts.customers).toBe(1);
});

test('A28: what is stored of a request with a password cannot be tried out without the secret of the hub', async () => {
  const owner = await hub.owner();
  const adminUser = { email: 'n@x.example', login: 'someone', name: 'N', password: 'secret12' };
  const rows = [{ adminUser, code: 'A', name: 'N' }];
  await bulkInsert(owner, rows, { idempotencyKey: 'k' });
  // the text that is hashed, keys in order: whoever has the database knows all of it but the password
  const text = JSON.stringify({ allOrNothing: false, names: 'graphql', profile: 'STANDARD', rows });
  const [stored] = await keysOf(owner);
  expect(stored!.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(stored!.hash).not.toBe(createHash('sha256').update(text).digest('hex'));
});
