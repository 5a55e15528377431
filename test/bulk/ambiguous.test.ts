import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { actionsOf, bulkUpdate, customersOf, upsert } from './changed-rows.js';
import type { Row } from './rows.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const row = (code: string, changes: Row = {}): Row => ({ code, name: `Customer ${code}`, ...changes });
const links = (...pairs: [string, string][]) => ({
  externalReferences: pairs.map(([system, identifier]) => ({ system, identifier })),
});

test('AMBIGUOUS_MATCH: keys of two customers are told with both ids, by code and link or by two links, for update and for skip', async () => {
  const owner = await hub.owner();
  const made = await upsert(owner, [row('A', links(['6', 'a'])), row('B', links(['6', 'b'], ['2', 'b']))]);
  const [a, b] = made.results.map(({ customerId }) => customerId!);
  const before = await customersOf(hub, owner);
  const rows = [row('A', links(['6', 'b'])), links(['6', 'a'], ['2', 'b']), row('B', links(['2', 'b'], ['6', 'a']))];
  for (const onExisting of ['UPDATE', 'SKIP']) {
    for (const dryRun of [true, false]) {
      const answer = await upsert(owner, rows, { onExisting, dryRun });
      expect(actionsOf(answer)).toEqual(['REJECT', 'REJECT', 'REJECT']);
      expect(answer.results.map(({ customerId }) => customerId)).toEqual([null, null, null]);
      expect(answer.errors.map(({ details }) => details)).toEqual(
        [
          [a, b],
          [a, b],
          [b, a],
        ].map((ids) => [
          {
            ...{ code: 'AMBIGUOUS_MATCH', field: null, existingId: null, existingIds: ids },
            message: `invalid customer (its keys are of several: customer ${ids[0]}, customer ${ids[1]})`,
          },
        ]),
      );
    }
  }
  expect(await customersOf(hub, owner)).toEqual(before);
});

test('AMBIGUOUS_MATCH: all else that is wrong with the row is told along with it, but not what it leaves out', async () => {
  const owner = await hub.owner();
  await upsert(owner, [row('A', links(['6', 'a'])), row('B', links(['6', 'b']))]);
  const answer = await upsert(owner, [{ code: 'A', email: 'no', ...links(['6', 'b']) }]);
  expect(answer.errors[0]!.details.map(({ code, field }) => `${code} ${field}`)).toEqual([
    'AMBIGUOUS_MATCH null',
    'INVALID email',
  ]);
});

test('AMBIGUOUS_MATCH: a customer that an earlier row makes counts as well', async () => {
  const owner = await hub.owner();
  await upsert(owner, [row('A')]);
  const [a] = (await upsert(owner, [row('A')])).results.map(({ customerId }) => customerId!);
  const answer = await upsert(owner, [row('B', links(['6', 'b'])), row('A', links(['6', 'b']))]);
  expect(actionsOf(answer)).toEqual(['CREATE', 'REJECT']);
  expect(answer.errors[0]!.details).toMatchObject([
    {
      code: 'AMBIGUOUS_MATCH',
      existingIds: [a],
      message: `invalid customer (its keys are of several: customer ${a}, one that an earlier row makes)`,
    },
  ]);
});

test('A44: an excluded customer makes nothing ambiguous: its key is taken, without a word about it', async () => {
  const owner = await hub.owner();
  await upsert(owner, [row('A'), row('GONE', links(['6', 'gone']))]);
  await owner.gql(
    'mutation { setCustomerExcluded(customer: { code: "GONE" }, excluded: true) { userErrors { code } } }',
  );
  const answer = await upsert(owner, [row('A', { city: 'X', ...links(['6', 'gone']) })]);
  expect(answer.errors[0]!.details).toMatchObject([{ code: 'TAKEN', field: 'externalReferences.0', existingId: null }]);
});

test('A42: an update names its customer, so the key of another is TAKEN with its id and not ambiguous', async () => {
  const owner = await hub.owner();
  const made = await upsert(owner, [row('A', links(['6', 'a'])), row('B', links(['6', 'b']))]);
  const b = made.results[1]!.customerId;
  const answer = await bulkUpdate(owner, [{ by: { code: 'A' }, fields: { code: 'b', ...links(['6', 'b']) } }]);
  expect(answer.errors[0]!.details).toMatchObject([
    { code: 'TAKEN', field: 'code', existingId: b },
    { code: 'TAKEN', field: 'externalReferences.0', existingId: b },
  ]);
});
