import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parts } from '../../src/config.js';
import { endOfFeed, startTestHub, type TestHub } from '../hub.js';
import { guestBook } from '../snapshot/guest-book.js';
import { eventually, followEvents, keyOf, wholeFeed } from './events.js';

const withoutRelay = parts.filter((part) => part !== 'relay').join(',');

let api: TestHub;
const relays: TestHub[] = [];
beforeAll(async () => {
  api = await startTestHub({ env: { STAMDATA_ROLES: withoutRelay } });
});
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
});
afterAll(() => api.stop());

const startRelay = async () => {
  const relay = await startTestHub({ clone: api.clone, env: { STAMDATA_ROLES: 'relay' } });
  relays.push(relay);
  return relay;
};

describe('D1, D2: the relay', () => {
  test('while none runs nothing arrives and nothing is lost; when one starts, all comes in order', async () => {
    const book = await guestBook(api);
    const after = await endOfFeed(book.owner);
    const following = followEvents(api.subscriber(book.owner.key), { after });
    const events = following.take(12);
    const guests = [await book.guest(), await book.guest(), await book.guest()];
    for (const name of ['Two', 'Three', 'Four']) for (const guest of guests) await book.change(guest, { name });
    expect(await wholeFeed(book.owner)).toEqual([]);
    const [waiting] = await api.clone.sql<{ count: number }>(
      'SELECT count(*)::int AS count FROM outbox WHERE owner_id = $1',
      [book.owner.id],
    );
    expect(waiting).toEqual({ count: 12 });
    await startRelay();
    const arrived = (await events).map(keyOf);
    expect(arrived).toEqual([1, 2, 3, 4].flatMap((version) => guests.map((guest) => `${guest.id}:${version}`)));
    void following.end();
  });

  test('stopped and started again it goes on where it was', async () => {
    const book = await guestBook(api);
    const guest = await book.guest();
    const first = await startRelay();
    await eventually(async () => (await wholeFeed(book.owner)).length === 1, 'the first event');
    await first.stop();
    await book.change(guest, { name: 'Meanwhile' });
    expect(await wholeFeed(book.owner)).toHaveLength(1);
    await startRelay();
    await eventually(async () => (await wholeFeed(book.owner)).length === 2, 'the second event');
    expect((await wholeFeed(book.owner)).map(keyOf)).toEqual([`${guest.id}:1`, `${guest.id}:2`]);
  });

  test('an owner whose head another process holds is left to it, the others are served', async () => {
    const [held, free] = [await guestBook(api), await guestBook(api)];
    await held.guest();
    await free.guest();
    await api.hub.db.asSystem(async (sql) => {
      await sql.rows('SELECT FROM feed_head WHERE owner_id = $1 FOR UPDATE', [held.owner.id]);
      await startRelay();
      await eventually(async () => (await wholeFeed(free.owner)).length === 1, 'the free owner is served');
      expect(await wholeFeed(held.owner)).toEqual([]);
    });
    await eventually(async () => (await wholeFeed(held.owner)).length === 1, 'the held owner is served');
  });

  test('D4: a transaction that stays open holds up its own event only', async () => {
    const book = await guestBook(api);
    await startRelay();
    await api.hub.db.asOwner(book.owner.id, async (sql) => {
      await sql.rows(
        `INSERT INTO outbox (owner_id, customer_id, version, reasons, occurred_at) VALUES ($1, 4711, 1, '{CREATED}', now())`,
        [book.owner.id],
      );
      const guest = await book.guest();
      await eventually(async () => (await wholeFeed(book.owner)).length === 1, 'the later one overtakes');
      expect((await wholeFeed(book.owner)).map(keyOf)).toEqual([`${guest.id}:1`]);
    });
    await eventually(async () => (await wholeFeed(book.owner)).length === 2, 'the early one follows');
    expect((await wholeFeed(book.owner)).map(keyOf)[1]).toBe('4711:1');
  });
});

describe('partitions of the feed', () => {
  const day = (offset: number) =>
    `feed_${new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')}`;
  const partitions = async () => {
    const rows = await api.clone.sql<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'feed'::regclass`,
    );
    return rows.map((row) => row.name);
  };

  test('one that is missing is made, by the start and in the middle', async () => {
    const book = await guestBook(api);
    for (const name of [day(0), day(1)]) await api.clone.sql(`DROP TABLE ${name}`);
    await startRelay();
    await book.guest();
    await eventually(async () => (await wholeFeed(book.owner)).length === 1, 'the event');
    expect(await partitions()).toEqual(expect.arrayContaining([day(0), day(1)]));
    // while it runs, as if the process had slept for days
    for (const name of [day(0), day(1)]) await api.clone.sql(`DROP TABLE ${name}`);
    const guest = await book.guest();
    await eventually(
      async () => (await wholeFeed(book.owner)).some((event) => event.customerId === guest.id),
      'the next event',
    );
    expect(await partitions()).toEqual(expect.arrayContaining([day(0), day(1)]));
  });

  test('many processes that start at once make each of them once', async () => {
    for (const name of [day(0), day(1), day(2)]) await api.clone.sql(`DROP TABLE ${name}`);
    await Promise.all([startRelay(), startRelay(), startRelay()]);
    const made = await partitions();
    expect(new Set(made).size).toBe(made.length);
    expect(made).toEqual(expect.arrayContaining([day(0), day(1), day(2)]));
  });
});
