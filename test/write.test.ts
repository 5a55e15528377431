import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../src/database/database.js';
import { EventReason } from '../src/event-reason.js';
import { Raced, write, type Write } from '../src/write.js';
import { startTestHub, type TestHub } from './hub.js';
import { guestBook, type Guest, type GuestBook } from './snapshot/guest-book.js';

let hub: TestHub;
let book: GuestBook;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  book = await guestBook(hub);
});
afterAll(() => hub.stop());

const options = (extra: { dryRun?: boolean } = {}) => ({ ownerId: book.owner.id, origin: 'a test', ...extra });
const db = (): Database => hub.hub.db;
/** The hub as a writer, and how often it woke the relay. */
function writer() {
  const woken = { times: 0 };
  return { woken, db: db(), clock: { at: () => null }, wakeRelay: () => void woken.times++ };
}

const rename = async (tx: Write, { id }: Guest, name: string): Promise<void> => {
  await tx.rows('UPDATE customer SET name = $3 WHERE owner_id = $1 AND id = $2', [tx.ownerId, id, name]);
  tx.touch([id], EventReason.UPDATED);
};
const stateOf = ({ id }: Guest) =>
  hub.clone.sql<{ name: string; version: number; body: { version: number; name: string } }>(
    `SELECT c.name, c.version, s.body FROM customer c JOIN customer_snapshot s ON s.customer_id = c.id WHERE c.id = $1`,
    [id],
  );
const eventsOf = ({ id }: Guest) =>
  hub.clone.sql<{ version: number; reasons: string[]; origin: string | null }>(
    'SELECT version, reasons, origin FROM outbox WHERE customer_id = $1 AND version > 1 ORDER BY id',
    [id],
  );

describe('D1: one door', () => {
  test('a change raises the version, stores the snapshot and is one event, in one transaction', async () => {
    const guest = await book.guest();
    const by = writer();
    const result = await write(by, options(), async (tx) => {
      await rename(tx, guest, 'Once');
      tx.touch([guest.id], EventReason.TAG);
      tx.touch([guest.id], EventReason.UPDATED);
      return 'done';
    });
    expect(result).toBe('done');
    expect(by.woken.times).toBe(1);
    expect(await stateOf(guest)).toMatchObject([{ name: 'Once', version: 2, body: { version: 2, name: 'Once' } }]);
    expect(await eventsOf(guest)).toEqual([{ version: 2, reasons: ['UPDATED', 'TAG'], origin: 'a test' }]);
  });

  test('a write that touches nobody is no event and wakes nobody', async () => {
    const by = writer();
    await write(by, options(), async (tx) => void (await tx.rows('SELECT 1')));
    expect(by.woken.times).toBe(0);
  });

  test('an error rolls back everything: rows, versions, events', async () => {
    const [first, second] = [await book.guest(), await book.guest()];
    const before = [await stateOf(first), await stateOf(second)];
    const by = writer();
    const failing = write(by, options(), async (tx) => {
      await rename(tx, first, 'Lost');
      await rename(tx, second, 'Lost too');
      throw new Error('in the middle');
    });
    await expect(failing).rejects.toThrow('in the middle');
    expect([await stateOf(first), await stateOf(second)]).toEqual(before);
    expect(await eventsOf(first)).toEqual([]);
    expect(by.woken.times).toBe(0);
  });

  test('an error of the database is thrown on, and the connection serves the next one', async () => {
    const guest = await book.guest();
    const failing = write(writer(), options(), (tx) => rename(tx, guest, ''));
    await expect(failing).rejects.toMatchObject({ code: '23514' });
    for (let i = 0; i < 12; i++) await write(writer(), options(), (tx) => rename(tx, guest, `Name ${i}`));
    expect(await stateOf(guest)).toMatchObject([{ name: 'Name 11', version: 13 }]);
  });

  test('a customer of another owner is out of reach', async () => {
    const other = await guestBook(hub);
    const foreign = await other.guest();
    await write(writer(), options(), (tx) => rename(tx, foreign, 'Stolen'));
    await write(writer(), options(), async (tx) => {
      await tx.rows('UPDATE customer SET name = $1', ['Everybody']);
    });
    expect(await stateOf(foreign)).toMatchObject([{ version: 1, body: { version: 1 } }]);
    expect((await stateOf(foreign))[0]!.name).not.toBe('Everybody');
    expect(await eventsOf(foreign)).toEqual([]);
  });
});

describe('A57: a dry run', () => {
  test('gives the result and leaves nothing', async () => {
    const guest = await book.guest();
    const by = writer();
    const seen = await write(by, options({ dryRun: true }), async (tx) => {
      await rename(tx, guest, 'Only a try');
      const [row] = await tx.rows<{ name: string }>('SELECT name FROM customer WHERE owner_id = $1 AND id = $2', [
        tx.ownerId,
        guest.id,
      ]);
      return row!.name;
    });
    expect(seen).toBe('Only a try');
    expect(await stateOf(guest)).toMatchObject([{ version: 1, body: { version: 1 } }]);
    expect(await eventsOf(guest)).toEqual([]);
    expect(by.woken.times).toBe(0);
  });

  test('meets the constraints that wait for the commit', async () => {
    await hub.clone.sql(
      'ALTER TABLE external_system ADD CONSTRAINT one_name UNIQUE (owner_id, name) DEFERRABLE INITIALLY DEFERRED',
    );
    const twoOfOneName = (dryRun: boolean) =>
      write(writer(), options({ dryRun }), (tx) =>
        tx.rows(`INSERT INTO external_system (owner_id, code, name) VALUES ($1, 'ONE', 'Same'), ($1, 'TWO', 'Same')`, [
          tx.ownerId,
        ]),
      );
    await expect(twoOfOneName(false)).rejects.toMatchObject({ code: '23505' });
    await expect(twoOfOneName(true)).rejects.toMatchObject({ code: '23505' });
  });

  test('an error in it is thrown, not swallowed', async () => {
    const failing = write(writer(), options({ dryRun: true }), () => Promise.reject(new Error('wrong')));
    await expect(failing).rejects.toThrow('wrong');
  });
});

describe('collisions', () => {
  test('a deadlock is tried again: both writes succeed, each once', async () => {
    const [first, second] = [await book.guest(), await book.guest()];
    let arrived = 0;
    let open: () => void;
    const both = new Promise<void>((resolve) => (open = resolve));
    const crossing = (mine: Guest, theirs: Guest, name: string) =>
      write(writer(), options(), async (tx) => {
        await rename(tx, mine, name);
        if (++arrived === 2) open(); // each holds one row before either asks for the other
        await both;
        await rename(tx, theirs, name);
      });
    await Promise.all([crossing(first, second, 'A'), crossing(second, first, 'B')]);
    expect(arrived).toBeGreaterThan(2); // one of the two began anew
    for (const guest of [first, second]) {
      const [state] = await stateOf(guest);
      expect(state).toMatchObject({ version: 3, body: { version: 3, name: state!.name } });
      expect((await eventsOf(guest)).map((event) => event.version)).toEqual([2, 3]);
    }
    expect((await stateOf(first))[0]!.name).toBe((await stateOf(second))[0]!.name);
  });

  test('a race that goes on is given up in the end', async () => {
    let attempts = 0;
    const racing = write(writer(), options(), () => {
      attempts++;
      return Promise.reject(new Raced());
    });
    await expect(racing).rejects.toBeInstanceOf(Raced);
    expect(attempts).toBeGreaterThan(1);
  });

  test('anything else is not tried again', async () => {
    let attempts = 0;
    const failing = write(writer(), options(), () => {
      attempts++;
      return Promise.reject(Object.assign(new Error('no such table'), { code: '42P01' }));
    });
    await expect(failing).rejects.toThrow('no such table');
    expect(attempts).toBe(1);
  });

  test('many writers that take one order from each other all get their turn', async () => {
    const guests = await Promise.all(Array.from({ length: 4 }, () => book.guest()));
    const moving = (i: number) => ({
      number: 'FOUGHT-OVER',
      channel: 'POS',
      kind: 'RECEIPT',
      orderedAt: '2026-01-01T00:00:00Z',
      totalValue: `${i}`,
      totalValueExVat: `${i}`,
    });
    const moves = Array.from({ length: 48 }, (_, i) => () => book.orders(guests[i % 4]!, [moving(i)]));
    const work = async () => {
      for (let next = moves.pop(); next; next = moves.pop()) await next();
    };
    await Promise.all(Array.from({ length: 8 }, work));
    const shown = await Promise.all(guests.map((guest) => book.snapshot(guest)));
    expect(shown.reduce((sum, snapshot) => sum + snapshot.ordersTotalCount, 0)).toBe(1);
  });
});
