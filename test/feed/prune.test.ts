import { afterAll, beforeAll, expect, test } from 'vitest';
import { prunePartitions } from '../../src/feed/partitions.js';
import { startTestHub, type TestHub } from '../hub.js';
import { eventually, pageOf, wholeFeed } from './events.js';

const dayMs = 86_400_000;

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.stop());

const inDays = (days: number) => new Date(Date.now() + days * dayMs);
const partitions = async () =>
  (
    await hub.clone.sql<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'feed'::regclass ORDER BY 1`,
    )
  ).map(({ name }) => name);

test('events go by whole days after 14 days; a cursor before them has expired, one behind them goes on', async () => {
  const owner = await hub.owner();
  const other = await hub.owner();
  const create = (code: string) =>
    owner.gql(
      'mutation ($code: String) { createCustomer(input: { code: $code, name: "Ada" }) { userErrors { message } } }',
      {
        code,
      },
    );
  for (const code of ['A', 'B', 'C']) await create(code);
  await eventually(async () => (await wholeFeed(owner)).length === 3, 'three events');
  const events = await wholeFeed(owner);
  const all = await partitions();

  expect(await prunePartitions(hub.database.db.dataSource, inDays(13))).toEqual([]); // nothing is older than 14 days
  expect(await partitions()).toEqual(all);

  const dropped = await prunePartitions(hub.database.db.dataSource, inDays(15));
  expect(dropped.length).toBeGreaterThan(0);
  expect(await partitions()).toEqual(all.filter((name) => !dropped.includes(name)));
  expect((await pageOf(owner)).nodes).toEqual([]);
  const ask = (after: string) =>
    hub.request(
      'query ($after: String) { customerEvents(after: $after) { nodes { version } } }',
      { after },
      { key: owner.key },
    );
  expect((await ask(events[1]!.cursor)).errors?.[0]?.extensions.code).toBe('CURSOR_EXPIRED');
  expect((await ask(events[2]!.cursor)).errors).toBeUndefined(); // nothing behind it is gone

  await create('D'); // its day's partition is gone: the relay makes a new one
  await eventually(async () => (await wholeFeed(owner)).length === 1, 'the feed goes on');
  const [next] = (await pageOf(owner, { after: events[2]!.cursor })).nodes;
  expect(next).toMatchObject({ version: 1, reasons: ['CREATED'] });
  expect((await pageOf(other)).nodes).toEqual([]);
});
