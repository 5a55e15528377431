import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { bulkInsert, contentsOf, loginOf, partnerRow, type BulkAnswer } from './partner-rows.js';
import { graphqlRow, type Row } from './rows.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  owner = await hub.owner(undefined, { enabledVatStatuses: ['DOMESTIC', 'EU_GOODS'] });
  await owner.gql('{ viewer { name } }'); // the first use of a key is written down
});
afterAll(() => hub.stop());

const profiles = ['PARTNER', 'STANDARD'] as const;
const policies = ['REJECT_FAILED_ROWS', 'REJECT_EVERYTHING'] as const;

/** The answer of a real run as its dry run must have had it. */
const asDry = (answer: BulkAnswer): BulkAnswer => ({
  ...answer,
  dryRun: true,
  results: answer.results.map((result) => ({ ...result, customerId: null })),
});

test('A14, A57: a dry run of a mixed batch answers as the real run does and leaves nothing behind', async () => {
  await bulkInsert(owner, [
    partnerRow(901, { tags: ['Old'], externalReferences: [{ system: '6', identifier: 'old' }] }),
  ]);
  const rows = [
    partnerRow(1, {
      tags: ['New'],
      acceptsMarketingEmail: true,
      externalReferences: [{ system: '7', identifier: 'x' }],
    }),
    partnerRow(901),
    partnerRow(2, { adminUser: loginOf(901) }),
    partnerRow(3, { address: '', vatStatus: 'OUTSIDE_EU' }),
    partnerRow(4, { externalReferences: [{ system: '6', identifier: 'old' }] }),
    partnerRow(1),
  ];
  const before = await contentsOf(hub);
  const dry = await bulkInsert(owner, rows, { dryRun: true, profile: 'PARTNER' });
  expect(await contentsOf(hub)).toEqual(before);
  expect(dry.dryRun).toBe(true);
  expect(dry.counts).toEqual({ rows: 6, customers: 2, users: 1, rejected: 4 });
  const real = await bulkInsert(owner, rows, { profile: 'PARTNER' });
  expect(real.dryRun).toBe(false);
  expect(asDry(real)).toEqual(dry);
  expect(real.results.map(({ customerId }) => customerId !== null)).toEqual([true, false, true, false, false, false]);
});

/** A value that breaks the rule of each field, and some that only look as if they did. */
const faults: Record<string, unknown[]> = {
  code: ['', 'ab', 'x'.repeat(13), 'a b', 7, null],
  name: ['', 'x'.repeat(101), {}],
  address: ['', 'x'.repeat(151)],
  postalCode: ['SW1A', '123456789', 185],
  country: ['UK', 'italy', 'it'],
  city: ['Roma', 'RM', 'ROMA1'],
  email: ['no', `${'x'.repeat(100)}@x.example`],
  language: ['xx', 'IT'],
  telephone: ['+39 06', '1'.repeat(21), 6],
  fax: ['', '06-1'],
  currency: ['ZZZ', 'eur'],
  bookingOnline: ['maybe', 'Y', 2],
  blockedInDeadline: [null, 'no'],
  creditCard: [[], 1],
  vatNumber: ['x'.repeat(31), '12345678901'],
  vatStatus: ['EU_GOODS', 'OUTSIDE_EU', 9, '3'],
  corporateName: ['x'.repeat(101), ''],
  accountingEmail: ['a@b', 'a@b.example'],
  taxCode: ['x'.repeat(101), 'RSSMRA85T10A562T'],
  markupHotelsWeb: [1.5, 2_147_483_648, '-7'],
  sdiCode: ['KRRH6B', 'krrh6b9'],
  accountingCode: ['x'.repeat(21)],
  mobile: ['+39333', '333'],
  certifiedEmail: ['a@b'],
  forceContextualPayment: ['perhaps', false],
  customerHomepage: ['home', 'AWAY'],
  emergencyNumber: ['11 8', '112'],
  paymentDate: ['later', 'TOPAY'],
  prepaymentDays: [31, -1, '30'],
  type: ['PERSON', 'ROBOT'],
  sex: [1, 3, 'female'],
  birthDate: ['0000-05-17', '2023-02-29', { month: 13 }],
  tags: [['VIP'], ['vip', 'New'], [''], ['x'.repeat(51)], 'single'],
  acceptsMarketingEmail: [true, 'often'],
  acceptsMarketingSms: ['n', {}],
  adminUser: [
    null,
    {},
    loginOf(1),
    loginOf(2, { password: 'short' }),
    loginOf(3, { login: 'USER3' }),
    loginOf(4, { email: '' }),
  ],
};

const reference = fc.record({
  system: fc.constantFrom('6', 'woocommerce', 'POSTI', 'NOPE', null),
  identifier: fc.constantFrom('a', 'b', 'c', '', null),
});
const change = fc.oneof(
  fc
    .constantFrom(...Object.keys(faults))
    .chain((field) => fc.constantFrom(...faults[field]!).map((value): Row => ({ [field]: value }))),
  fc.array(reference, { maxLength: 2 }).map((externalReferences): Row => ({ externalReferences })),
);
const row = fc
  .tuple(fc.integer({ min: 100, max: 140 }), fc.array(change, { maxLength: 2 }))
  .map(([n, changes]) => Object.assign(partnerRow(n), ...changes) as Row);

test(
  'A14, A57: a dry run is the real run without its effects, whatever is wrong with the rows',
  { timeout: 30_000 },
  async () => {
    const batch = fc.array(row, { minLength: 1, maxLength: 6 });
    const seen = { accepted: 0, rejected: 0 };
    await fc.assert(
      fc.asyncProperty(
        batch,
        fc.constantFrom(...profiles),
        fc.constantFrom(...policies),
        async (rows, profile, errorPolicy) => {
          const before = await contentsOf(hub);
          const dry = await bulkInsert(owner, rows, { profile, errorPolicy, dryRun: true });
          expect(await contentsOf(hub)).toEqual(before);
          const real = await bulkInsert(owner, rows, { profile, errorPolicy });
          expect(asDry(real)).toEqual(dry);
          expect(real.results).toHaveLength(rows.length);
          for (const result of real.results) {
            const told = real.errors.some(({ index }) => index === result.index);
            expect(result.customer).toBe(result.customerId !== null);
            if (result.user) expect(result.customer).toBe(true); // N40
            if (!result.customer && errorPolicy === 'REJECT_FAILED_ROWS') expect(told).toBe(true);
          }
          seen.accepted += real.counts.customers;
          seen.rejected += real.counts.rejected;
        },
      ),
      { numRuns: 60 },
    );
    expect(seen.accepted).toBeGreaterThan(5);
    expect(seen.rejected).toBeGreaterThan(5);
    expect(Object.keys(graphqlRow).filter((field) => !(field in faults) && !field.startsWith('markup'))).toEqual([]);
  },
);
