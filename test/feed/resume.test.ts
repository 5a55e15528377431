import { afterAll, beforeAll, expect, test } from 'vitest';
import { endOfFeed, startTestHub, type TestHub } from '../hub.js';
import { guestBook } from '../snapshot/guest-book.js';
import { eventually, followEvents, keyOf, wholeFeed, type Pushed } from './events.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.stop());

test('D3, D12: a subscriber that reconnects thirty times while others write has the feed: no gap, no repetition, in order', async () => {
  const book = await guestBook(hub);
  const start = await endOfFeed(book.owner);
  const guests = await Promise.all(Array.from({ length: 6 }, () => book.guest()));
  let writing = true;
  let written = 0;
  const write = async (writer: number) => {
    for (let i = 0; writing; i++) {
      await book.change(guests[(writer + i) % guests.length]!, { name: `Name ${writer} ${i}` });
      written++;
    }
  };
  const writers = [write(0), write(3)];
  const received: Pushed[] = [];
  for (let connection = 0; connection < 30; connection++) {
    const client = hub.subscriber(book.owner.key);
    const following = followEvents(client, { after: received.at(-1)?.cursor ?? start });
    received.push(...(await following.take(1 + (connection % 7))));
    // every third one vanishes without a word, in the middle of what is being sent
    if (connection % 3 === 0) client.terminate();
    else await client.dispose();
  }
  writing = false;
  await Promise.all(writers);
  const total = guests.length + written;
  await eventually(async () => (await wholeFeed(book.owner)).length === total, 'all is in the feed');
  const rest = followEvents(hub.subscriber(book.owner.key), { after: received.at(-1)!.cursor });
  received.push(...(await rest.take(total - received.length)));
  void rest.end();
  const feed = await wholeFeed(book.owner);
  expect(received.map((event) => event.cursor)).toEqual(feed.map((event) => event.cursor));
  expect(received.map(keyOf)).toEqual(feed.map(keyOf));
  expect(new Set(received.map(keyOf)).size).toBe(total);
  for (const event of received) expect(event.snapshot!.version).toBeGreaterThanOrEqual(event.version);
});
