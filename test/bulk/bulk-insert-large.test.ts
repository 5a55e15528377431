import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { bulkInsert, partnerRow } from './partner-rows.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

test(
  'N1: 10,000 full PARTNER rows go in one call, each with its event and its snapshot',
  { timeout: 60_000 },
  async () => {
    const owner = await hub.owner();
    const rows = Array.from({ length: 10_000 }, (_, n) => partnerRow(n, n % 100 === 99 ? { address: '' } : {}));
    const began = performance.now();
    const answer = await bulkInsert(owner, rows, { profile: 'PARTNER' });
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    console.log(`10,000 PARTNER rows (${(JSON.stringify(rows).length / 1e6).toFixed(1)} MB): ${seconds} s`);
    expect(answer.counts).toEqual({ rows: 10_000, customers: 9_900, users: 9_900, rejected: 100 });
    expect(answer.results.map(({ index }) => index)).toEqual(rows.map((_, n) => n + 1));
    expect(answer.errors.map(({ index }) => index)).toEqual(Array.from({ length: 100 }, (_, i) => (i + 1) * 100));
    const [left] = await hub.clone.sql<Record<string, number>>(
      `SELECT (SELECT count(*)::int FROM customer) AS customers, (SELECT count(*)::int FROM customer_user) AS users,
       (SELECT count(*)::int FROM customer_snapshot) AS snapshots, (SELECT count(*)::int FROM outbox) AS events`,
    );
    expect(left).toEqual({ customers: 9_900, users: 9_900, snapshots: 9_900, events: 9_900 });
  },
);
