import { afterAll, beforeAll, expect, test } from 'vitest';
import { bulkInsert, faultsOf, partnerRow } from '../bulk/partner-rows.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
});
afterAll(() => hub.stop());

const set = async (lists: object) => {
  const { data } = await hub.request<{ updateOwner: { owner: object | null; userErrors: { field: string }[] } }>(
    'mutation ($input: OwnerInput!) { updateOwner(input: $input) { owner { knownCities notifyLanguages } userErrors { field } } }',
    { input: { code: owner.code, ...lists } },
  );
  return data.updateOwner;
};

test('A25, A26: off by default; a list refuses what is not on it, in either case; null switches it off again', async () => {
  const rows = [partnerRow(1, { city: 'rom', language: 'IT' }), partnerRow(2, { city: 'XYZ1', language: 'fi' })];
  const judge = async () => {
    const answer = await bulkInsert(owner, rows, { profile: 'PARTNER', dryRun: true });
    return [1, 2].map((index) => faultsOf(answer, index));
  };
  expect(await judge()).toEqual([[], []]);
  expect(await set({ knownCities: ['ROM', 'mil'], notifyLanguages: ['it', 'EN'] })).toEqual({
    owner: { knownCities: ['MIL', 'ROM'], notifyLanguages: ['en', 'it'] },
    userErrors: [],
  });
  expect(await judge()).toEqual([[], ['INVALID city', 'INVALID language']]);
  expect(await set({ knownCities: ['ROMA1'], notifyLanguages: ['xx'] })).toMatchObject({
    owner: null,
    userErrors: [{ field: 'knownCities.0' }, { field: 'notifyLanguages.0' }],
  });
  expect(await set({ knownCities: null, notifyLanguages: [] })).toMatchObject({
    owner: { knownCities: null, notifyLanguages: null },
  });
  expect(await judge()).toEqual([[], []]);
});
