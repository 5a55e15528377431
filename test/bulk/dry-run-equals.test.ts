import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { actionsOf, bulkUpdate, customersOf, upsert, type ChangeAnswer } from './changed-rows.js';
import { contentsOf } from './partner-rows.js';
import { allFields, randomFields, randomRow, randomUpdate } from './random-rows.js';
import type { Row } from './rows.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const newOwner = async (): Promise<TestOwner> => {
  const owner = await hub.owner(undefined, { enabledVatStatuses: ['DOMESTIC', 'EU_GOODS'] });
  await owner.gql('{ viewer { name } }'); // the first use of a key is written down
  return owner;
};

/** The answer of a real run as its dry run must have had it: it cannot tell the ids of customers that it would make. */
function asDry(answer: ChangeAnswer): ChangeAnswer {
  const made = new Set(answer.results.filter(({ action }) => action === 'CREATE').map(({ customerId }) => customerId));
  return {
    ...answer,
    dryRun: true,
    results: answer.results.map((result) => ({
      ...result,
      customerId: made.has(result.customerId) ? null : result.customerId,
    })),
  };
}

/** Who is there before. */
const link = (system: string, identifier: string) => ({ externalReferences: [{ system, identifier }] });
const known: Row[] = [
  { code: 'A', name: 'Anna Holm', ...link('6', 'a') },
  { code: 'B', name: 'Bo', ...link('POSTI', 'b'), tags: ['VIP'] },
  { code: 'C', name: 'Cleo', ...link('6', 'c'), country: 'DK', mobile: '20304050' },
];
const rows = fc.array(randomRow, { minLength: 4, maxLength: 12 });
const updates = fc.array(randomUpdate, { minLength: 2, maxLength: 8 });
const options = fc.record({
  onExisting: fc.constantFrom('UPDATE', 'SKIP', 'UPDATE', 'UPDATE', 'REJECT'),
  profile: fc.constantFrom('STANDARD', 'STANDARD', 'STANDARD', 'STANDARD', 'PARTNER'),
  errorPolicy: fc.constantFrom('REJECT_FAILED_ROWS', 'REJECT_FAILED_ROWS', 'REJECT_FAILED_ROWS', 'REJECT_EVERYTHING'),
  showChanges: fc.boolean(),
});

test('the batches below break the rules of every field', () => {
  expect(allFields.filter((field) => !randomFields.includes(field))).toEqual([]);
});

test(
  'D14, A57: a dry run reports what the real run then does, and leaves nothing behind: inserts, updates of existing ones, skips, updates',
  { timeout: 240_000 },
  async () => {
    const seen = new Set<string>();
    const compare = async (run: (dryRun: boolean) => Promise<ChangeAnswer>) => {
      const before = await contentsOf(hub);
      const dry = await run(true);
      expect(await contentsOf(hub)).toEqual(before);
      const real = await run(false);
      expect(asDry(real)).toEqual(dry);
      for (const outcome of actionsOf(real)) seen.add(outcome);
      for (const { details } of real.errors) for (const { code } of details) seen.add(code);
    };
    await fc.assert(
      fc.asyncProperty(rows, options, updates, async (customers, how, changes) => {
        const owner = await newOwner();
        await upsert(owner, known);
        await compare((dryRun) => upsert(owner, customers, { ...how, dryRun }));
        const { errorPolicy, showChanges } = how;
        await compare((dryRun) => bulkUpdate(owner, changes, { errorPolicy, showChanges, dryRun }));
      }),
      { numRuns: 20, seed: 14 },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        ...['CREATE', 'UPDATE CODE', 'UPDATE EXTERNAL_REFERENCE', 'UNCHANGED CODE', 'SKIPPED CODE', 'REJECT'],
        ...['AMBIGUOUS_MATCH', 'TAKEN', 'DUPLICATE_IN_INPUT', 'VERSION_CONFLICT', 'NOT_FOUND', 'REQUIRED', 'TOO_LONG'],
      ]),
    );
  },
);

test(
  'a batch comes to the same as its rows sent one by one, so it does not matter where a file is cut',
  { timeout: 240_000 },
  async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.constantFrom('UPDATE', 'UPDATE', 'SKIP'),
        fc.array(randomUpdate, { maxLength: 5 }),
        async (customers, onExisting, changes) => {
          const [together, apart] = [await newOwner(), await newOwner()];
          for (const owner of [together, apart]) await upsert(owner, known);
          const unversioned = changes.map(({ by, fields }): Row => ({ by, fields }));
          const atOnce = [
            ...actionsOf(await upsert(together, customers, { onExisting })),
            ...(unversioned.length > 0 ? actionsOf(await bulkUpdate(together, unversioned)) : []),
          ];
          const oneByOne: string[] = [];
          for (const row of customers) oneByOne.push(...actionsOf(await upsert(apart, [row], { onExisting })));
          for (const row of unversioned) oneByOne.push(...actionsOf(await bulkUpdate(apart, [row])));
          expect(oneByOne).toEqual(atOnce);
          expect(await customersOf(hub, apart)).toEqual(await customersOf(hub, together));
          for (const action of atOnce) seen.add(action);
        },
      ),
      { numRuns: 12, seed: 15 },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining(['CREATE', 'UPDATE CODE', 'UPDATE EXTERNAL_REFERENCE', 'UNCHANGED CODE', 'SKIPPED CODE']),
    );
  },
);
