import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { blockedIn, type HeldRows } from '../../faults/held-rows.js';
import { eventually } from '../../feed/events.js';
import { startTestHub, type TestHub } from '../../hub.js';
import { guestBook, type GuestBook } from '../../snapshot/guest-book.js';
import { completion, holdTags, named, operation, quiet, snapshots, tags, viewer } from './operations.js';
import { Wire } from './wire.js';

/* What PROTOCOL.md of graphql-ws (graphql-transport-ws) asks of a server about the ids of operations. */

let hub: TestHub;
let book: GuestBook;
let wire: Wire;
let held: HeldRows[] = [];
beforeAll(async () => {
  hub = await startTestHub();
  book = await guestBook(hub);
});
afterEach(async () => {
  await Promise.all(held.map((one) => one.release()));
  held = [];
  wire.destroy();
  await eventually(() => hub.hub.tail.waiting === 0, 'the subscriptions of the test have ended');
});
afterAll(() => hub.stop());

const connected = async () => (wire = await (await Wire.open(hub.url)).connect(book.owner.key));
const subscribed = (count: number) => eventually(() => hub.hub.tail.waiting === count, `${count} subscriptions`);

async function hold(): Promise<HeldRows> {
  const locked = await holdTags(hub);
  held.push(locked);
  return locked;
}

test.each<[string, string, () => Promise<void>]>([
  [
    'Subscribe',
    'an id that is in use closes with 4409 and its name at once, whatever the two operations are',
    async () => {
      await hold();
      for (const first of [tags, snapshots, 'mutation { createTag(name: "a") { tag { id } } }'])
        for (const second of ['{ viewer { name } }', snapshots, 'mutation { createTag(name: "b") { tag { id } } }']) {
          await connected();
          wire.send(operation('same', first), operation('same', second), viewer('behind'));
          expect(await wire.closed).toEqual({ code: 4409, reason: 'Subscriber for same already exists' });
          expect(wire.of('behind')).toEqual([]);
        }
    },
  ],
  [
    'Subscribe',
    '4409 also where the id is longer than a reason may be, or is a name that every object has',
    async () => {
      await hold();
      for (const id of ['long '.repeat(50), 'é'.repeat(60), '__proto__', 'constructor']) {
        await connected();
        wire.send(operation(id, tags), viewer(id));
        expect((await wire.closed).code, id).toBe(4409);
      }
    },
  ],
  [
    'Subscribe',
    'ids are any texts, and come back as they were',
    async () => {
      for (const id of ['1', ' ', '__proto__', 'toString', '"\\\n', '\u2028 ø 😀', '17","type":"complete']) {
        wire.send(viewer(id));
        expect(await wire.answered(id), id).toEqual(named(id));
      }
    },
  ],
  [
    'Subscribe',
    'an id is free again behind the completion, behind an error, and behind the client’s own completion',
    async () => {
      wire.send(viewer('1'));
      await wire.answered('1');
      wire.send(operation('1', '{ nonsense }'));
      await eventually(() => wire.typesOf('1').includes('error'), 'the error');
      wire.send(operation('1', snapshots));
      await subscribed(1);
      wire.send(completion('1'), viewer('1'));
      expect((await wire.answered('1')).slice(3)).toEqual(named('1'));
    },
  ],
  [
    'Subscribe',
    'an id is free at once when its client has completed it, while the hub is still at the operation',
    async () => {
      const locked = await hold();
      wire.send(operation('1', tags));
      await blockedIn(hub.clone.sql, 'findTags');
      wire.send(completion('1'), viewer('1'));
      expect(await wire.answered('1')).toEqual(named('1'));
      wire.send(operation('1', snapshots));
      await subscribed(1);
      await locked.release();
      await quiet(hub, wire);
      expect(wire.of('1')).toEqual(named('1')); // nothing of the first one, and the third one goes on
      await book.guest();
      await eventually(() => wire.typesOf('1').length === 3, 'the event');
      expect(wire.typesOf('1')[2]).toBe('next');
    },
  ],
  [
    'Subscribe',
    'one subscription after another under the same id: the second goes on when the first is over',
    async () => {
      wire.send(operation('1', 'subscription { customerSnapshots { first: version } }'));
      await subscribed(1);
      wire.send(completion('1'), operation('1', 'subscription { customerSnapshots { second: version } }'));
      await wire.settle();
      await subscribed(1);
      await book.guest();
      await eventually(() => wire.typesOf('1').length > 0, 'the event');
      await book.guest();
      await eventually(() => wire.typesOf('1').length > 1, 'the next event');
      expect(wire.typesOf('1')).toEqual(['next', 'next']);
      expect(JSON.stringify(wire.of('1'))).not.toContain('first');
    },
  ],
  [
    'Subscribe',
    'completed and subscribed again before the first has begun',
    async () => {
      const query = (name: string) => `subscription { customerSnapshots { ${name}: version } }`;
      wire.send(operation('1', query('first')), completion('1'), operation('1', query('second')));
      await wire.settle();
      await subscribed(1);
      await book.guest();
      await eventually(() => wire.typesOf('1').length > 0, 'the event');
      await quiet(hub, wire);
      expect(wire.of('1')).toMatchObject([{ type: 'next', payload: { data: { customerSnapshots: { second: 1 } } } }]);
    },
  ],
])('PROTOCOL.md, %s: %s', async (_section, _sentence, holds) => {
  await connected();
  await holds();
});
