import { afterAll, beforeAll, expect, test } from 'vitest';
import { newSnapshotSelect, snapshotSelect } from '../../src/snapshot/snapshot.sql.js';
import { startTestHub, type TestHub } from '../hub.js';
import { bulkInsert } from '../bulk/partner-rows.js';
import { movableClock } from './guest-book.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ clock: movableClock('2026-03-04T11:00:00Z'), env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

/** Names and dates in every form that the picture reads them in. */
const rows = [
  { name: 'Ada Lovelace' },
  { name: '  one   two  three ' },
  { name: 'Single' },
  { name: 'Ærø Ôté Ñandú' },
  { name: 'Jean\u00a0Paul\u2003Sartre' },
  { name: '\u3000山田\u3000太郎\u3000' },
  { name: 'Given', firstName: 'First', lastName: 'Last' },
  { name: 'Given Part', firstName: 'First' },
  { name: 'x', corporateName: 'X Ltd', type: 'COMPANY' },
  { name: 'x', sex: 'FEMALE', birthDate: '1985-05-17' },
  { name: 'x', birthDate: '0000-05-00', email: 'a@b.example', mobile: '+45 70 27 00 00', postalCode: '2100' },
  { name: 'x', acceptsMarketingEmail: true, acceptsMarketingSms: false },
  { name: 'x', acceptsMarketingSms: true, tags: ['VIP'] },
  { name: 'x', tags: ['VIP', 'Newsletter', 'Third'], enabled: false },
  { name: 'quote " and \\ back', email: 'q@b.example' },
].map((row, i) => ({ code: `N${i}`, ...row }));

test('G5–G31: the snapshot of new customers is the one that the whole computation gives, and is what was stored', async () => {
  const owner = await hub.owner(undefined, { timeZone: 'Pacific/Auckland', currency: 'DKK' });
  const { results, errors } = await bulkInsert(owner, rows);
  expect(errors).toEqual([]);
  const ids = results.map(({ customerId }) => customerId!);
  const at = new Date('2026-03-04T11:00:00Z');
  const computed = await hub.hub.db.asOwner(owner.id, async (sql) => {
    const by = (select: string) =>
      sql.rows<{ id: string; body: object }>(
        `SELECT id, version, excluded, at, clock_due_at, body FROM (${select}) AS computed ORDER BY id`,
        [owner.id, ids, at],
      );
    return {
      whole: await by(snapshotSelect),
      ofNew: await by(newSnapshotSelect({ said: true })),
      ofSilent: await by(newSnapshotSelect({ said: false })),
    };
  });
  expect(computed.ofNew).toHaveLength(rows.length);
  expect(computed.ofNew).toEqual(computed.whole);
  const silent = (_: object, i: number) =>
    !('acceptsMarketingEmail' in rows[i]!) && !('acceptsMarketingSms' in rows[i]!);
  expect(computed.ofSilent.filter(silent)).toEqual(computed.whole.filter(silent));
  expect(computed.whole.map(({ body }) => body)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ firstName: 'Jean', lastName: 'Sartre' }),
      expect.objectContaining({ firstName: '山田', lastName: '太郎' }),
      expect.objectContaining({ firstName: 'one', lastName: 'three' }),
    ]),
  );
  const stored = await hub.clone.sql<{ body: object; due: Date | null }>(
    'SELECT body, clock_due_at AS due FROM customer_snapshot WHERE owner_id = $1 ORDER BY customer_id',
    [owner.id],
  );
  expect(stored).toEqual(computed.whole.map(({ body }) => ({ body, due: null })));
});
