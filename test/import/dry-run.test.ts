import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { codesOf, customers, importFile, ndjson, operations, type Told } from './import-request.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub();
});
beforeEach(async () => {
  owner = await hub.owner();
});
afterAll(() => hub.stop());

const results = async (told: Told, key = owner.key): Promise<Record<string, unknown>[]> => {
  const response = await fetch(`${hub.url}/import/results/${told.last.operationId}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  return (await response.text())
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};
const withoutIds = (lines: Record<string, unknown>[]) =>
  lines.map(({ line, code, action, matchedBy, errors }) => ({ line, code, action, matchedBy, errors }));

/** Rows of two chunks that meet each other and what is stored. */
const meeting = [
  ...customers(1, 3_000, (n) => (n % 1_000 === 0 ? { email: 'nobody' } : {})),
  ...customers(2, 3), // said before, in the first chunk
  { code: 'C-4', name: 'Another name' },
  { code: 'OLD', name: 'Older' },
  {
    code: 'C-2',
    name: 'Renamed',
    adminUser: { name: 'A', email: 'a@example.org', login: 'ada99', password: 'secret-8' },
  },
  {
    code: 'C-9000',
    name: 'New',
    adminUser: { name: 'A', email: 'a@example.org', login: 'ada99', password: 'secret-8' },
  },
];

test.each(['reject', 'skip', 'update'])(
  'B.3.5, A57: with onExisting=%s a dry run says of every row what the real run then does, also across chunks, and leaves nothing behind',
  async (onExisting) => {
    await importFile(hub, owner, ndjson([{ code: 'OLD', name: 'Old' }]));
    const marks = () =>
      hub.clone.sql(
        `SELECT (SELECT count(*) FROM customer) AS customers, (SELECT count(*) FROM customer_user) AS users,
           (SELECT count(*) FROM tag) AS tags, (SELECT sum(version) FROM customer) AS versions,
           (SELECT count(*) FROM outbox) + (SELECT coalesce(sum(last_pos), 0) FROM feed_head) AS events`,
      );
    const before = await marks();
    const text = ndjson(meeting);
    const dry = await importFile(hub, owner, text, { query: { dryRun: 'true', onExisting } });
    expect(dry.last).toMatchObject({ done: true, dryRun: true });
    expect(await marks()).toEqual(before);
    const real = await importFile(hub, owner, text, { query: { onExisting } });
    expect(dry.problems).toEqual(real.problems);
    expect(dry.last.counts).toEqual(real.last.counts);
    const [told, done] = [await results(dry), await results(real)];
    expect(withoutIds(told)).toEqual(withoutIds(done));
    expect(done).toHaveLength(meeting.length);
    expect(new Set(done.map(({ action }) => action)).size).toBeGreaterThan(1);
    expect(await codesOf(hub, owner)).toHaveLength(2_999);
  },
);

test('A57: ids of a dry run are rolled back with it, so none is told, except of customers that exist', async () => {
  await importFile(hub, owner, ndjson([{ code: 'OLD', name: 'Old' }]));
  const dry = await importFile(hub, owner, ndjson(meeting), { query: { dryRun: '1', onExisting: 'update' } });
  const [old] = await hub.clone.sql<{ id: string }>("SELECT id FROM customer WHERE owner_id = $1 AND code = 'OLD'", [
    owner.id,
  ]);
  const named = (await results(dry)).filter(({ customerId }) => customerId !== null);
  expect(named).toMatchObject([{ code: 'OLD', action: 'UPDATE', customerId: old!.id, matchedBy: 'CODE' }]);
  expect(named[0]!.changes).toEqual(expect.arrayContaining([{ field: 'name', before: 'Old', after: 'Older' }]));
});

test('contract 6: a dry run leaves no key behind; its operation and results are kept', async () => {
  const query = { idempotencyKey: 'k', dryRun: 'yes' };
  const dry = await importFile(hub, owner, ndjson(customers(1, 2)), { query });
  expect(await operations(owner)).toMatchObject([
    { id: dry.last.operationId, dryRun: true, state: 'DONE', idempotencyKey: null, created: 2 },
  ]);
  const real = await importFile(hub, owner, ndjson(customers(1, 3)), { query: { idempotencyKey: 'k' } });
  expect(real.last.counts).toMatchObject({ created: 3 });
});

test('design C: the result file of another owner is answered like one that there never was', async () => {
  const done = await importFile(hub, owner, ndjson(customers(1, 1)));
  const neighbour = await hub.owner();
  const ask = (id: string, key: string) =>
    fetch(`${hub.url}/import/results/${id}`, { headers: { authorization: `Bearer ${key}` } });
  const foreign = await ask(done.last.operationId!, neighbour.key);
  const never = await ask('987654321', neighbour.key);
  expect([foreign.status, await foreign.text()]).toEqual([404, await never.text()]);
  expect((await ask('x', neighbour.key)).status).toBe(404);
  expect((await ask(done.last.operationId!, await owner.newKey(['customers:read']))).status).toBe(403);
  expect((await ask(done.last.operationId!, 'nobody')).status).toBe(401);
});
