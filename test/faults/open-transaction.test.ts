import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cloneDatabase, type Clone } from '../database-clone.js';
import { eventually } from '../feed/events.js';
import { adminKey, startTestHub, type TestHub } from '../hub.js';
import { check } from './check.js';
import { readCommitted } from './committed.js';
import { blockedIn, holdRows } from './held-rows.js';
import { lastOf } from './reader.js';
import { Subscriber } from './subscriber.js';
import { makeWorld } from './world.js';
import { Writer } from './writer.js';

const others = 40;
const toFeedMs = 500;
const afterCommitMs = 1_000;

let hub: TestHub;
let elsewhere: Clone;
let stranger: pg.Client;
beforeAll(async () => {
  hub = await startTestHub();
  elsewhere = await cloneDatabase();
  stranger = new pg.Client(elsewhere.connection);
  await stranger.connect();
});
afterAll(async () => {
  await stranger?.end();
  await elsewhere?.drop();
  await hub?.stop();
});

test('B.4: a transaction that stays open holds up nobody, and neither does one in another database', async () => {
  const world = await makeWorld(hub.url, adminKey, { owners: 1, customers: 10, tags: 0 });
  const [owner] = world.owners;
  const [stuck, ...free] = owner!.customers;
  const reader = new Subscriber({
    name: 'reader',
    owner: owner!,
    key: await world.key('reader'),
    fromStart: true,
    url: () => hub.url,
    leave: () => ({}),
  });
  const writer = new Writer(world, 'writer', await world.key('writer'), () => hub.url);
  const slow = new Writer(world, 'slow', await world.key('slow'), () => hub.url);
  reader.start();
  await eventually(() => lastOf(reader)?.customerId === owner!.customers.at(-1), 'the reader is at the end');

  await stranger.query('BEGIN');
  await stranger.query('SELECT pg_current_xact_id()');
  const snapshot = await holdRows(
    hub.clone.connection,
    'SELECT FROM customer_snapshot WHERE customer_id = $1 FOR UPDATE',
    [stuck],
  );
  const drawn = await lastOutboxId();
  const written = slow.rename(owner!, stuck!);
  await blockedIn(hub.clone.sql, 'storeSnapshotAndSearch');
  expect(await lastOutboxId()).toBe(drawn + 1); // its outbox row is there, and nobody sees it
  for (let i = 0; i < others; i++) await writer.rename(owner!, free[i % free.length]!);
  await eventually(() => reader.connections.flat().length === 10 + others, 'the reader has got the others');
  const took = await hub.clone.sql<{ ms: number }>(
    `SELECT extract(epoch FROM at - occurred_at)::float * 1000 AS ms FROM feed
     WHERE origin = 'writer' ORDER BY at - occurred_at`,
  );
  expect(took).toHaveLength(others);
  // Nineteen of twenty: the machine itself may stand still for a moment.
  expect(took[Math.floor(others * 0.95) - 1]!.ms).toBeLessThan(toFeedMs);

  await snapshot.release();
  await written;
  const committedAt = performance.now();
  await eventually(() => lastOf(reader)?.customerId === stuck, 'the late one has come');
  expect(performance.now() - committedAt).toBeLessThan(afterCommitMs);
  await stranger.query('COMMIT');
  await reader.stop();
  expect(check(await readCommitted(hub.clone.sql), world.history, [reader])).toEqual([]);
  expect(reader.connections).toHaveLength(1);
});

async function lastOutboxId(): Promise<number> {
  const [sequence] = await hub.clone.sql<{ last: number }>(
    `SELECT last_value::int AS last FROM pg_sequences WHERE sequencename = 'outbox_id_seq'`,
  );
  return sequence!.last;
}
