import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentsOf } from '../bulk/partner-rows.js';
import type { Row } from '../bulk/rows.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { fieldCases } from './field-cases.js';
import { item, partnerOf } from './partner.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  owner = await hub.owner();
});
afterAll(() => hub.stop());

test('A57, A14: a dry run judges codes and logins against the database, and leaves nothing behind', async () => {
  const partner = partnerOf(hub, owner);
  await partner.insert([item(1)]);
  const rows = [
    item(1),
    item(2, { admin_user_login: 'LOGIN1' }),
    item(3),
    item(4, { code: 'n3X' }),
    item(5, { zip: '' }),
  ];
  const before = await contentsOf(hub);
  const dry = await partner.insert(rows, { dry_run: true }, { 'idempotency-key': 'dry' });
  expect(await contentsOf(hub)).toEqual(before);
  expect(dry.results.map(({ customer, user }) => [customer, user])).toEqual([
    [false, false],
    [true, false],
    [true, true],
    [false, false],
    [false, false],
  ]);
  const real = await partner.insert(rows);
  expect(real.text).toBe(dry.text.replace('"dry_run":true', '"dry_run":false'));
});

/** An item with up to three fields set to something that the document takes, refuses, or does not have. */
const change = fc
  .constantFrom(...fieldCases)
  .chain(({ field, good, bad }) =>
    fc
      .oneof(fc.constantFrom(...good.map(([given]) => given)), fc.constantFrom<unknown>(...bad, '', null, undefined))
      .map((value): Row => ({ [field]: value })),
  );
const anyItem = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(fc.integer({ min: 100, max: 160 }), fc.array(change, { maxLength: 3 }))
      .map(([n, changes]): unknown => Object.assign(item(n), ...changes) as Row),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

test(
  'A57, A14: the answer to a dry run is that of the real run, whatever is in the items',
  { timeout: 30_000 },
  async () => {
    const partner = partnerOf(hub, owner);
    const seen = { made: 0, refused: 0, withoutLogin: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(anyItem, { minLength: 1, maxLength: 8 }), async (rows) => {
        const before = await contentsOf(hub);
        const dry = await partner.insert(rows, { dry_run: 'yes' });
        expect(dry.status).toBe(200);
        expect(await contentsOf(hub)).toEqual(before);
        const real = await partner.insert(rows);
        expect(real.text).toBe(dry.text.replace('{"dry_run":true', '{"dry_run":false'));
        expect(real.results).toHaveLength(rows.length);
        for (const { customer, user } of real.results) {
          if (!customer) expect(user, 'N40').toBe(false);
          if (!customer) seen.refused++;
          else if (user) seen.made++;
          else seen.withoutLogin++;
        }
      }),
      { numRuns: 25 },
    );
    expect(Math.min(seen.made, seen.refused), JSON.stringify(seen)).toBeGreaterThan(0);
  },
);
