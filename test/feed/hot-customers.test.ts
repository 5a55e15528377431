import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { guestBook } from '../snapshot/guest-book.js';
import { eventually } from './events.js';

const writers = 8;
const customers = 20;
const forMs = 4_000;

let first: TestHub;
let second: TestHub;
beforeAll(async () => {
  first = await startTestHub();
  second = await startTestHub({ clone: first.clone });
});
afterAll(async () => {
  await second.stop();
  await first.stop();
});

/** Numbers that look random and are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

test('D1, D2: eight writers on twenty hot customers, two relays: nothing lost, nothing twice, each customer in order', async () => {
  const books = [await guestBook(first), await guestBook(first)];
  const crowds = await Promise.all(
    books.map((book) =>
      Promise.all(Array.from({ length: customers / books.length }, (_, i) => book.guest({ code: `HOT${i}` }))),
    ),
  );
  const until = Date.now() + forMs;
  let aborted = 0;
  const write = async (writer: number): Promise<void> => {
    const random = seeded(writer + 1);
    const pick = (count: number) => Math.floor(random() * count);
    for (let round = 0; Date.now() < until; round++) {
      const which = pick(books.length);
      const { owner } = books[which]!;
      // several customers in any order, one number again and again: rows are locked crosswise and wait for each other
      const rows = Array.from({ length: 1 + pick(4) }, (_, i) => ({
        customer: { id: crowds[which]![pick(customers / books.length)]!.id },
        channel: 'POS',
        kind: 'RECEIPT',
        number: random() < 0.3 ? `SHARED${pick(5)}` : `W${writer}-${round}-${i}`,
        orderedAt: '2026-01-01T00:00:00Z',
        totalValue: '1.00',
        totalValueExVat: '1.00',
      }));
      const abort = random() < 0.1;
      if (abort) aborted++;
      const broken = abort && random() < 0.5;
      const hub = writer % 2 === 0 ? first : second;
      const answer = await hub.request(
        'mutation ($input: RecordOrdersInput!) { recordOrders(input: $input) { counts { rows } } }',
        {
          input: {
            ownerCode: owner.code,
            dryRun: abort && !broken,
            errorPolicy: 'REJECT_EVERYTHING',
            orders: broken
              ? [...rows, { ...rows[0], number: '' }]
              : rows.filter((row, i) => rows.findIndex((r) => r.number === row.number) === i),
          },
        },
        { key: owner.key },
      );
      expect(answer.errors, JSON.stringify(hub.logged)).toBeUndefined();
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  await eventually(
    async () => (await first.clone.sql('SELECT FROM outbox LIMIT 1')).length === 0,
    'the outbox is empty',
  );

  const feed = await first.clone.sql<{ owner: string; pos: string; customer: string; version: number }>(
    'SELECT owner_id AS owner, pos, customer_id AS customer, version FROM feed ORDER BY owner_id, pos',
  );
  const committed = await first.clone.sql<{ customer: string; version: number }>(
    'SELECT id AS customer, version FROM customer',
  );
  const total = committed.reduce((sum, row) => sum + row.version, 0);
  expect(total).toBeGreaterThan(customers * 5);
  expect(aborted).toBeGreaterThan(0);
  expect(feed).toHaveLength(total);
  const versionsOf = new Map(committed.map(({ customer }) => [customer, [] as number[]]));
  const positionsOf = new Map<string, number[]>();
  for (const event of feed) {
    versionsOf.get(event.customer)!.push(event.version);
    positionsOf.set(event.owner, [...(positionsOf.get(event.owner) ?? []), Number(event.pos)]);
  }
  for (const { customer, version } of committed) expect(versionsOf.get(customer)).toEqual(upTo(version));
  for (const [owner, positions] of positionsOf) {
    expect(positions).toEqual(upTo(positions.length));
    const [head] = await first.clone.sql<{ last: string }>(
      'SELECT last_pos AS last FROM feed_head WHERE owner_id = $1',
      [owner],
    );
    expect(Number(head!.last)).toBe(positions.length);
  }
  const wrong = [...first.logged, ...second.logged].filter((line) => line.level === 'error');
  expect(wrong).toEqual([]);
});

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);
