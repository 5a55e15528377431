import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { guestBook } from '../snapshot/guest-book.js';
import { eventually, pageOf, wholeFeed, type Selection } from './events.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.stop());

const moved = (owner: TestOwner, events: number) =>
  eventually(async () => (await wholeFeed(owner)).length === events, `${events} events in the feed`);

/** An owner with as many customers, and so events, as told. */
async function ownerWith(events: number) {
  const book = await guestBook(hub);
  const guests = [];
  for (let i = 0; i < events; i++) guests.push(await book.guest());
  await moved(book.owner, events);
  return { ...book, guests };
}

const refusalOf = async (owner: TestOwner, selection: Selection & { first?: number }) => {
  const answer = await hub.request(
    'query ($after: String, $first: Int) { customerEvents(after: $after, first: $first) { nodes { version } } }',
    selection,
    { key: owner.key },
  );
  return answer.errors?.[0]?.extensions.code;
};

describe('D2, D3: the feed in pages', () => {
  test('pages join without a gap or a repetition, whatever their size', async () => {
    const { owner, guests } = await ownerWith(7);
    const ids = guests.map((guest) => guest.id);
    for (const first of [1, 2, 3, 7, 100]) {
      const seen: string[] = [];
      for (let after: string | null = null; ;) {
        const page = await pageOf(owner, { after, first });
        seen.push(...page.nodes.map((event) => event.customerId));
        expect(page.pageInfo.hasNextPage).toBe(seen.length < 7);
        expect(page.pageInfo.hasPreviousPage).toBe(seen.length > page.nodes.length);
        expect(page.pageInfo.startCursor).toBe(page.nodes[0]!.cursor);
        expect(page.pageInfo.endCursor).toBe(page.nodes.at(-1)!.cursor);
        if (!page.pageInfo.hasNextPage) break;
        after = page.pageInfo.endCursor;
      }
      expect(seen).toEqual(ids);
    }
  });

  test('an empty page has a cursor to go on from', async () => {
    const book = await guestBook(hub);
    const empty = await pageOf(book.owner);
    expect(empty).toMatchObject({
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null },
    });
    const guest = await book.guest();
    await moved(book.owner, 1);
    const next = await pageOf(book.owner, { after: empty.pageInfo.endCursor });
    expect(next.nodes).toMatchObject([{ customerId: guest.id, version: 1, reasons: ['CREATED'] }]);
    const end = await pageOf(book.owner, { after: next.pageInfo.endCursor });
    expect(end.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
      startCursor: null,
      endCursor: next.pageInfo.endCursor,
    });
  });

  test('an event tells who wrote and carries the newest snapshot, at least as new as itself', async () => {
    const { owner, guests, change } = await ownerWith(1);
    await change(guests[0]!, { name: 'Renamed' });
    await moved(owner, 2);
    expect((await pageOf(owner)).nodes).toMatchObject([
      { version: 1, reasons: ['CREATED'], origin: `key of ${owner.code}`, snapshot: { version: 2, name: 'Renamed' } },
      { version: 2, reasons: ['UPDATED'], snapshot: { version: 2, name: 'Renamed' } },
    ]);
  });

  test('A44: an excluded customer has events without a snapshot, the exclusion itself among them', async () => {
    const { owner, guests } = await ownerWith(1);
    await hub.request(
      'mutation ($id: ID!) { setCustomerExcluded(customer: { id: $id }, excluded: true) { userErrors { message } } }',
      { id: guests[0]!.id },
      { owner: owner.code },
    );
    await moved(owner, 2);
    expect((await pageOf(owner)).nodes).toMatchObject([
      { version: 1, reasons: ['CREATED'], snapshot: null },
      { version: 2, reasons: ['EXCLUDED'], snapshot: null },
    ]);
  });

  test.each([0, -1, 101, 2_147_483_647])('first: %i is refused', async (first) => {
    expect(await refusalOf((await ownerWith(0)).owner, { first })).toBe('BAD_USER_INPUT');
  });
});

describe('D3: cursors that do not serve', () => {
  test('of another owner, altered, empty: BAD_USER_INPUT', async () => {
    const [mine, theirs] = [await ownerWith(1), await ownerWith(1)];
    const { endCursor } = (await pageOf(theirs.owner)).pageInfo;
    const own = (await pageOf(mine.owner)).pageInfo.endCursor;
    const flipped = (own.startsWith('A') ? 'B' : 'A') + own.slice(1);
    for (const after of [endCursor, flipped, '', 'garbage', own.slice(0, -1)])
      expect(await refusalOf(mine.owner, { after })).toBe('BAD_USER_INPUT');
  });

  test('too old: CURSOR_EXPIRED; the oldest one that still serves does', async () => {
    const { owner } = await ownerWith(4);
    const cursors = (await pageOf(owner)).nodes.map((event) => event.cursor);
    await hub.clone.sql('UPDATE feed_head SET min_pos = 3 WHERE owner_id = $1', [owner.id]);
    await hub.clone.sql('DELETE FROM feed WHERE owner_id = $1 AND pos < 3', [owner.id]);
    expect(await refusalOf(owner, { after: cursors[0]! })).toBe('CURSOR_EXPIRED');
    expect((await pageOf(owner, { after: cursors[1]! })).nodes.map((event) => event.cursor)).toEqual(cursors.slice(2));
    expect((await pageOf(owner)).nodes.map((event) => event.cursor)).toEqual(cursors.slice(2));
  });

  test('ahead of the feed, as after a restored backup: CURSOR_EXPIRED, never silence', async () => {
    const { owner } = await ownerWith(1);
    const ahead = hub.hub.cursors.encode(owner.id, 2n);
    expect(await refusalOf(owner, { after: ahead })).toBe('CURSOR_EXPIRED');
  });

  test('a key without changes:read gets nothing', async () => {
    const { owner } = await ownerWith(0);
    const key = await owner.newKey(['customers:read']);
    const answer = await hub.request('{ customerEvents { nodes { version } } }', {}, { key });
    expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
