import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endOfFeed, startTestHub, type TestHub } from '../hub.js';
import { guestBook, type Guest, type GuestBook } from '../snapshot/guest-book.js';
import { eventually, followEvents, keyOf } from './events.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.stop());

const subscriber = ({ owner }: GuestBook) => hub.subscriber(owner.key);
/** Nothing but one fresh customer later: what was not sent before it will never be sent. */
const mark = async (book: GuestBook): Promise<string> => `${(await book.guest()).id}:1`;
const exclude = (book: GuestBook, { id }: Guest, excluded: boolean) =>
  hub.request(
    `mutation ($id: ID!, $excluded: Boolean!) {
       setCustomerExcluded(customer: { id: $id }, excluded: $excluded) { userErrors { message } } }`,
    { id, excluded },
    { owner: book.owner.code },
  );

/** A subscription that has its place at the end of the feed: it waits for its first event. */
async function seated(book: GuestBook) {
  const before = hub.hub.tail.waiting;
  const client = subscriber(book);
  const following = followEvents(client);
  const first = following.take(1);
  first.catch(() => undefined); // where a test ends it before anything came
  await eventually(() => hub.hub.tail.waiting > before, 'the subscription waits for events');
  return { client, first, end: following.end };
}

describe('A52, D3: what a subscription sends', () => {
  test('without a cursor: not what was, only what follows', async () => {
    const book = await guestBook(hub);
    const guest = await book.guest();
    await eventually(
      async () => (await endOfFeed(book.owner)) === hub.hub.cursors.encode(book.owner.id, 1n),
      'one event',
    );
    const following = await seated(book);
    await book.change(guest, { name: 'After' });
    expect(await following.first).toMatchObject([
      { customerId: guest.id, version: 2, snapshot: { version: 2, name: 'After' } },
    ]);
    void following.end();
  });

  test('with a cursor: all since, then what follows, each customer in the order of its versions', async () => {
    const book = await guestBook(hub);
    const after = await endOfFeed(book.owner);
    const guest = await book.guest();
    await book.change(guest, { name: 'Two' });
    const following = followEvents(subscriber(book), { after });
    const past = await following.take(2);
    await book.change(guest, { name: 'Three' });
    await book.booking(guest, '2090-01-01T00:00:00Z');
    const events = [...past, ...(await following.take(2))];
    expect(events.map((event) => [event.version, event.reasons])).toEqual([
      [1, ['CREATED']],
      [2, ['UPDATED']],
      [3, ['UPDATED']],
      [4, ['BOOKING']],
    ]);
    for (const event of events) expect(event.snapshot!.version).toBeGreaterThanOrEqual(event.version);
    void following.end();
  });

  test('by customer and by reason, each alone and both together', async () => {
    const book = await guestBook(hub);
    const after = await endOfFeed(book.owner);
    const [chosen, other] = [await book.guest(), await book.guest()];
    const filtered = [
      followEvents(subscriber(book), { after, customers: [chosen.id] }),
      followEvents(subscriber(book), { after, reasons: ['BOOKING', 'ORDER'] }),
      followEvents(subscriber(book), { after, customers: [chosen.id], reasons: ['BOOKING'] }),
    ] as const;
    for (const guest of [other, chosen]) {
      await book.change(guest, { name: 'Renamed' });
      await book.booking(guest, '2090-01-01T00:00:00Z');
    }
    const [byCustomer, byReason, byBoth] = await Promise.all([
      filtered[0].take(3),
      filtered[1].take(2),
      filtered[2].take(1),
    ]);
    expect(byCustomer.map(keyOf)).toEqual([1, 2, 3].map((version) => `${chosen.id}:${version}`));
    expect(byReason.map(keyOf)).toEqual([`${other.id}:3`, `${chosen.id}:3`]);
    expect(byBoth.map(keyOf)).toEqual([`${chosen.id}:3`]);
    filtered.forEach((following) => void following.end());
  });

  test('more than a batch of events that do not pass is gone through to the first that does', async () => {
    const book = await guestBook(hub);
    const after = await endOfFeed(book.owner);
    const rows = Array.from({ length: 350 }, (_, i) => ({ code: `X${i}`, name: 'X' }));
    await book.owner.gql(
      'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { counts { customers } } }',
      {
        input: { ownerCode: book.owner.code, customers: rows },
      },
    );
    const guest = await book.guest();
    const following = followEvents(subscriber(book), { after, customers: [guest.id] });
    expect((await following.take(1)).map(keyOf)).toEqual([`${guest.id}:1`]);
    void following.end();
  });

  test('two owners do not see each other, whatever they ask for', async () => {
    const [mine, theirs] = [await guestBook(hub), await guestBook(hub)];
    const after = await endOfFeed(mine.owner);
    const foreign = await theirs.guest();
    const following = followEvents(subscriber(mine), { after });
    const chosen = followEvents(subscriber(mine), { after, customers: [foreign.id, '1', 'no id'] });
    await theirs.change(foreign, { name: 'Secret' });
    const marked = await mark(mine);
    expect((await following.take(1)).map(keyOf)).toEqual([marked]);
    void following.end();
    void chosen.end();
  });

  test('A44: the exclusion is an event without a snapshot, what follows is none, lifting it is one', async () => {
    const book = await guestBook(hub);
    const after = await endOfFeed(book.owner);
    const guest = await book.guest();
    const following = followEvents(subscriber(book), { after });
    await exclude(book, guest, true);
    const [, excluded] = await following.take(2);
    expect(excluded).toMatchObject({ version: 2, reasons: ['EXCLUDED'], snapshot: null });
    await hub.request(
      'mutation ($id: ID!) { updateCustomer(by: { id: $id }, input: { name: "Hidden" }) { userErrors { message } } }',
      { id: guest.id },
      { owner: book.owner.code },
    );
    await exclude(book, guest, false);
    expect(await following.take(1)).toMatchObject([
      { reasons: ['INCLUDED'], version: 4, snapshot: { version: 4, name: 'Hidden' } },
    ]);
    void following.end();
  });
});

describe('leaving', () => {
  test('a client that completes frees its place at once, though nothing happens', async () => {
    const book = await guestBook(hub);
    const before = hub.hub.tail.waiting;
    const following = await seated(book);
    expect(hub.hub.tail.waiting).toBe(before + 1);
    const leftAt = Date.now();
    void following.end();
    await eventually(() => hub.hub.tail.waiting === before, 'the place is free');
    expect(Date.now() - leftAt).toBeLessThan(200); // less than one poll of the tail
  });

  test('so does one that just vanishes', async () => {
    const book = await guestBook(hub);
    const before = hub.hub.tail.waiting;
    const { client } = await seated(book);
    client.terminate();
    await eventually(() => hub.hub.tail.waiting === before, 'the place is free');
  });
});
