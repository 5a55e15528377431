import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../feed/events.js';
import { adminKey, startTestHub, testSecret, type TestHub } from '../hub.js';
import { command, endStarted, type Command } from '../process/command.js';
import { check } from './check.js';
import { readCommitted } from './committed.js';
import { blockedIn, holdRows } from './held-rows.js';
import { makeWorld, type World } from './world.js';
import { Writer } from './writer.js';

const takeOverMs = 10_000;
const names = ['relay one', 'relay two'];

let hub: TestHub;
let world: World;
let writer: Writer;
let relays: Map<string, Command>;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  relays = new Map(names.map((name) => [name, startRelay(name)]));
  await Promise.all([...relays.values()].map(({ line }) => line(/^stamdata is ready at /)));
  world = await makeWorld(hub.url, adminKey, { owners: 1, customers: 4, tags: 0 });
  writer = new Writer(world, 'writer', await world.key('writer'), () => hub.url);
}, 60_000);
afterAll(async () => {
  await endStarted();
  await hub?.stop();
});

const startRelay = (name: string): Command =>
  command('dist/src/main.js', [], {
    DATABASE_URL: `${hub.clone.url}&application_name=${encodeURIComponent(name)}`,
    STAMDATA_ROLES: 'relay',
    STAMDATA_SECRET: testSecret,
    PORT: '0',
    LOG_LEVEL: 'fatal',
  });

const moved = async (): Promise<boolean> => (await hub.clone.sql('SELECT FROM outbox')).length === 0;

test(
  'B.4: of a relay that stops within its transaction another one takes over within ten seconds; awake again it does no harm',
  { timeout: 60_000 },
  async () => {
    const [owner] = world.owners;
    const [first, second, third] = owner!.customers;
    await eventually(moved, 'the customers are in the feed');
    // The relay that is at the next event waits for its row, and is stopped there; then it gets the row, and sleeps on it.
    const head = await holdRows(hub.clone.connection, 'SELECT FROM feed_head FOR UPDATE');
    await writer.rename(owner!, first!);
    const row = await holdRows(hub.clone.connection, 'SELECT FROM outbox FOR UPDATE');
    await head.release();
    const name = await blockedIn(hub.clone.sql, 'moveOutbox');
    const stopped = relays.get(name)!.child;
    stopped.kill('SIGSTOP');
    const stoppedAt = performance.now();
    await row.release();
    await eventually(() => isWithin(name), 'it holds the head of the feed in its sleep');
    await writer.rename(owner!, second!);
    await eventually(moved, 'another one has moved both');
    expect(performance.now() - stoppedAt).toBeLessThan(takeOverMs);

    stopped.kill('SIGCONT');
    relays.get(names.find((other) => other !== name)!)!.child.kill('SIGKILL');
    await writer.rename(owner!, third!);
    await eventually(moved, 'the one that slept is at work again');
    const committed = await readCommitted(hub.clone.sql);
    expect(committed.feed).toHaveLength(owner!.customers.length + 3);
    expect(check(committed, world.history, [])).toEqual([]);
  },
);

async function isWithin(name: string): Promise<boolean> {
  const sessions = await hub.clone.sql(
    `SELECT FROM pg_stat_activity WHERE application_name = $1 AND state = 'idle in transaction' AND query LIKE '/* moveOutbox */%'`,
    [name],
  );
  return sessions.length === 1;
}
