import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FoundCustomer } from '../../src/export/customer-pages.js';
import { hubPages } from '../../src/export/hub-pages.js';
import { ownPages } from '../../src/export/own-pages.js';
import { adminKey, startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { customers, importFile, ndjson } from '../import/import-request.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.stop());

/** Reads all pages, and changes the owner's customers behind the first one. */
async function readAndChange(
  owner: TestOwner,
  pages: AsyncIterable<FoundCustomer[]>,
): Promise<Record<string, unknown>> {
  const found: FoundCustomer[] = [];
  for await (const page of pages) {
    if (found.length === 0) {
      const rows = [...customers(1, 1, () => ({ city: 'Odense' })), ...customers(240, 260, () => ({ city: 'Odense' }))];
      await importFile(hub, owner, ndjson(rows), { query: { onExisting: 'update' } });
    }
    found.push(...page);
  }
  const versions = found.map(({ snapshot }) => snapshot.version);
  const codes = new Set(found.map(({ code }) => code));
  const moved = found.filter(({ city }) => city === 'Odense').length;
  return {
    customers: found.length,
    codes: codes.size,
    moved,
    changed: versions.filter((version) => version === 2).length,
  };
}

const owned = async (): Promise<TestOwner> => {
  const owner = await hub.owner();
  await importFile(hub, owner, ndjson(customers(1, 250)));
  return owner;
};

test('issue 6.7: an export of the database is of one moment, whatever is written while it goes on', async () => {
  const owner = await owned();
  const { pages, total } = await ownPages(hub.hub, { url: hub.url, key: adminKey }, owner.code);
  expect(total).toBe(250);
  expect(await readAndChange(owner, pages)).toEqual({ customers: 250, codes: 250, moved: 0, changed: 0 });
  const idle = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`;
  await expect.poll(() => hub.clone.sql(idle)).toEqual([]); // its transaction has ended
});

test('issue 6.7: an export from a running hub has each customer once, changed ones as they are when they are read', async () => {
  const owner = await owned();
  const { signal } = new AbortController();
  const { pages } = await hubPages({ url: hub.url, key: owner.key }, null, 1, signal);
  expect(await readAndChange(owner, pages)).toEqual({ customers: 260, codes: 260, moved: 21, changed: 11 });
});
