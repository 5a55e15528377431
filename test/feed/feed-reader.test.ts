import { afterAll, beforeAll, expect, test } from 'vitest';
import { everything } from '../../src/feed/events-after.js';
import { FeedReader } from '../../src/feed/feed-reader.js';
import { startTestHub, type TestHub } from '../hub.js';
import { guestBook } from '../snapshot/guest-book.js';
import { eventually } from './events.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.stop());

test('A44: one who reads behind is not shown who was excluded since its page was read', async () => {
  const { owner } = await guestBook(hub);
  const inFeed = async () => (await hub.clone.sql(`SELECT FROM feed WHERE owner_id = ${owner.id}`)).length;
  await owner.gql(
    'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { counts { customers } } }',
    { input: { ownerCode: owner.code, customers: ['A', 'B', 'C'].map((code) => ({ code, name: code })) } },
  );
  await eventually(async () => (await inFeed()) === 3, 'the three are in the feed');
  const live = await FeedReader.open(hub.hub, owner.id, 3n, everything);
  const reader = await FeedReader.open(hub.hub, owner.id, 0n, everything);
  try {
    const first = await reader.next();
    expect(first.value!.snapshot).toMatchObject({ code: 'A' });
    await owner.gql(
      'mutation { setCustomerExcluded(customer: { code: "B" }, excluded: true) { userErrors { message } } }',
    );
    await live.next(); // from now on the process knows
    const shown = [await reader.next(), await reader.next(), await reader.next()].map(({ value }) => value!.snapshot);
    expect(shown.map((snapshot) => snapshot?.code ?? null)).toEqual([null, 'C', null]);
  } finally {
    await reader.return();
    await live.return();
  }
});

test('who takes events directly gets them in order with those that it leaves', async () => {
  const { owner } = await guestBook(hub);
  await owner.gql(
    'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { counts { customers } } }',
    { input: { ownerCode: owner.code, customers: ['A', 'B', 'C', 'D', 'E'].map((code) => ({ code, name: code })) } },
  );
  const reader = await FeedReader.open(hub.hub, owner.id, 0n, everything);
  const seen: string[] = [];
  let flushed = 0;
  reader.offerTo({
    take: ({ snapshot }) => {
      if (snapshot!.code === 'C') return false;
      seen.push(snapshot!.code);
      return true;
    },
    flush: () => (flushed = seen.length),
  });
  try {
    await eventually(
      async () => (await hub.clone.sql(`SELECT FROM feed WHERE owner_id = ${owner.id}`)).length === 5,
      'relayed',
    );
    expect(seen).toEqual([]); // nobody has asked yet
    const left = await reader.next();
    expect([left.value!.snapshot!.code, ...seen]).toEqual(['C', 'A', 'B']);
    expect(flushed).toBe(2);
    const never = reader.next();
    await eventually(() => flushed === 4, 'the rest');
    expect(seen).toEqual(['A', 'B', 'D', 'E']);
    await reader.return();
    expect(await never).toMatchObject({ done: true });
  } finally {
    await reader.return();
  }
});
