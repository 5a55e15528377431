import type { Socket } from 'node:net';
import type pg from 'pg';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inTransaction } from '../../src/database/transaction.js';
import { EventReason } from '../../src/event-reason.js';
import { write } from '../../src/write.js';
import { startTestHub, type TestHub } from '../hub.js';
import { guestBook, type GuestBook } from '../snapshot/guest-book.js';

let hub: TestHub;
let book: GuestBook;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  book = await guestBook(hub);
});
afterAll(() => hub.stop());

const source = () => hub.hub.db.dataSource;
const writer = () => ({ db: hub.hub.db, clock: { at: () => null }, wakeRelay: () => undefined });
const options = () => ({ ownerId: book.owner.id, origin: 'a test' });
const versionOf = async (id: string) =>
  (await hub.clone.sql<{ version: number }>('SELECT version FROM customer WHERE id = $1', [id]))[0]!.version;

/** What any write leaves behind in the pool: connections that are in no transaction. */
const openTransactions = () =>
  hub.clone.sql(
    `SELECT state FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'stamdata' AND state <> 'idle'`,
  );

test('architecture 3: what was sent without waiting and failed is what the write throws, and nothing of the write stays', async () => {
  const guest = await book.guest();
  const failing = [
    (): Promise<unknown> => Promise.resolve(),
    (later: () => Promise<unknown>): Promise<unknown> => later(), // refused by PostgreSQL for what failed before it
  ];
  for (const goOn of failing)
    await expect(
      write(writer(), options(), async (tx) => {
        tx.touch([guest.id], EventReason.UPDATED);
        void tx.send('SELECT 1 / 0', []).catch(() => undefined);
        await goOn(() => tx.rows('SELECT 1'));
      }),
    ).rejects.toThrow('division by zero');
  expect(await versionOf(guest.id)).toBe(1);
  expect(await openTransactions()).toEqual([]);
});

test('architecture 3: where the opening fails, nothing behind it is done, and its error is told', async () => {
  const code = 'behind a failed opening';
  const insert = `INSERT INTO tag (owner_id, name, name_key) VALUES (${book.owner.id}, '${code}', '${code}')`;
  const opened = inTransaction(source(), 'BEGIN; SELECT 1 / 0', (sql) => sql.rows(insert));
  await expect(opened).rejects.toThrow('division by zero');
  expect(await hub.clone.sql('SELECT FROM tag WHERE name = $1', [code])).toEqual([]);
  expect(await openTransactions()).toEqual([]);
});

test('architecture 3: a transaction that PostgreSQL rolled back is never told as committed', async () => {
  const swallowed = inTransaction(source(), 'BEGIN', (sql) =>
    sql.rows('SELECT 1 / 0').catch(() => 'as if nothing was'),
  );
  await expect(swallowed).rejects.toThrow('the transaction was rolled back');
  expect(await openTransactions()).toEqual([]);
});

test('T8: of many that take a new code at once one gets it, and the others are told who', async () => {
  const guests = await Promise.all(Array.from({ length: 6 }, () => book.guest()));
  const answers = await Promise.all(
    guests.map(({ id }) =>
      book.owner.gql<{
        updateCustomer: { customer: { id: string } | null; userErrors: { code: string; existingId: string }[] };
      }>(
        'mutation ($id: ID!) { updateCustomer(by: { id: $id }, input: { code: "WANTED" }) { customer { id } userErrors { code existingId } } }',
        { id },
      ),
    ),
  );
  const winner = answers.find(({ updateCustomer }) => updateCustomer.customer)!.updateCustomer.customer!.id;
  const losers = answers.filter(({ updateCustomer }) => !updateCustomer.customer);
  expect(losers).toHaveLength(5);
  for (const { updateCustomer } of losers)
    expect(updateCustomer.userErrors).toEqual([{ code: 'TAKEN', existingId: winner }]);
});

test('an update of one customer, its snapshot and event included, is sent to PostgreSQL in two pieces', async () => {
  const guest = await book.guest();
  const update = (city: string) =>
    book.owner.gql<{ updateCustomer: { customer: object } }>(
      'mutation ($id: ID!, $city: String) { updateCustomer(by: { id: $id }, input: { city: $city }) { customer { id version city } } }',
      { id: guest.id, city },
    );
  hub.hub.wakeRelay = () => undefined; // another process is told over the pool as well, now and then
  await update('the first one has statements to prepare');
  const count = countPieces();
  const counts: number[] = [];
  for (const [i, city] of ['Aarhus', 'Bergen', 'Catania'].entries()) {
    const before = count();
    const { updateCustomer } = await update(city);
    counts.push(count() - before);
    expect(updateCustomer.customer).toEqual({ id: guest.id, version: 3 + i, city });
  }
  expect(Math.min(...counts), 'beside them, once in a while, the key is looked up').toBe(2);
});

/** How often the hub has written to a connection of its pool since, to those of later too. */
function countPieces(): () => number {
  const pool = (source().driver as PostgresDriver).master as pg.Pool & { _clients: pg.Client[] };
  let pieces = 0;
  const watch = (client: pg.Client) => {
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
    const [one, several] = [stream._write.bind(stream), stream._writev!.bind(stream)];
    stream._write = (...call) => {
      pieces += 1;
      one(...call);
    };
    stream._writev = (...call) => {
      pieces += 1;
      several(...call);
    };
  };
  pool._clients.forEach(watch);
  pool.on('connect', watch);
  return () => pieces;
}
