import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { blockedIn, type HeldRows } from '../../faults/held-rows.js';
import { eventually } from '../../feed/events.js';
import { startTestHub, type TestHub } from '../../hub.js';
import { guestBook, type GuestBook } from '../../snapshot/guest-book.js';
import { completion, holdTags, named, operation, quiet, snapshots, tags, viewer } from './operations.js';
import { Wire } from './wire.js';

/*
 * What PROTOCOL.md of graphql-ws (graphql-transport-ws) asks of a server about operations; operation-ids.test.ts has what
 * it asks about their ids. Elsewhere is: an error in the midst of a subscription ends it without a completion, and leaves
 * the others of its socket (socket.test.ts).
 */

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
    'Communication',
    'several operations are active at once, and an answer does not wait for those before it',
    async () => {
      const locked = await hold();
      wire.send(operation('slow', tags), operation('events', snapshots), viewer('quick'));
      expect(await wire.answered('quick')).toEqual(named('quick'));
      await subscribed(1);
      expect(wire.typesOf('slow')).toEqual([]);
      await locked.release();
      await book.guest();
      await eventually(() => wire.typesOf('events').length === 1, 'the event');
      expect(await wire.answered('slow')).toMatchObject([{ payload: { data: { tags: [] } } }, { type: 'complete' }]);
    },
  ],
  [
    'Ping',
    'is answered while an operation is under way',
    async () => {
      await hold();
      wire.send(operation('slow', tags));
      await wire.settle();
      expect(wire.typesOf('slow')).toEqual([]);
    },
  ],
  [
    'Next',
    'a query and a mutation have exactly one, behind it the completion',
    async () => {
      wire.send(viewer('1'), operation('2', 'mutation { createTag(name: "once") { userErrors { code } } }'));
      expect(await wire.answered('1')).toEqual(named('1'));
      expect(await wire.answered('2')).toEqual([
        { id: '2', type: 'next', payload: { data: { createTag: { userErrors: [] } } } },
        completion('2'),
      ]);
    },
  ],
  [
    'Next',
    'errors of fields stand in the result, beside the data, and do not end it otherwise',
    async () => {
      wire.destroy();
      wire = await (await Wire.open(hub.url)).connect(await book.owner.newKey(['changes:read']));
      wire.send(operation('1', '{ viewer { name } customer(by: { code: "A" }) { id } }'));
      expect(await wire.answered('1')).toMatchObject([
        { type: 'next', payload: { data: { viewer: {}, customer: null }, errors: [{ path: ['customer'] }] } },
        { type: 'complete' },
      ]);
    },
  ],
  [
    'Error',
    'ends the operation: of one that cannot be read, is not valid, or is not there, nothing else comes',
    async () => {
      const wrong = {
        ...{ unread: '{', empty: '', invalid: '{ nonsense }', none: 'fragment F on Query { __typename }' },
        twice: 'query A { a: __typename } query A { b: __typename }',
        unnamed: 'query A { __typename } query B { __typename }',
      };
      for (const [id, query] of Object.entries(wrong)) wire.send(operation(id, query));
      wire.send({ id: 'other', type: 'subscribe', payload: { query: 'query A { __typename }', operationName: 'B' } });
      const ids = [...Object.keys(wrong), 'other'];
      await eventually(() => ids.every((id) => wire.typesOf(id).length > 0), 'the errors');
      await quiet(hub, wire);
      for (const id of ids)
        expect(wire.of(id), id).toMatchObject([
          { type: 'error', payload: [{ extensions: { code: expect.stringMatching(/^[A-Z_]+$/) as string } }] },
        ]);
    },
  ],
  [
    'Complete',
    'from the client ends a subscription: no event and no completion follows, and the hub lets it go',
    async () => {
      wire.send(operation('1', snapshots), operation('2', snapshots));
      await subscribed(2);
      wire.send(completion('1'));
      await subscribed(1);
      await book.guest();
      await eventually(() => wire.typesOf('2').length === 1, 'the event');
      await wire.settle();
      expect(wire.of('1')).toEqual([]);
    },
  ],
  [
    'Complete',
    'from the client before the result of a query: it is not sent',
    async () => {
      const locked = await hold();
      wire.send(operation('1', tags));
      await blockedIn(hub.clone.sql, 'findTags');
      wire.send(completion('1'));
      await wire.settle();
      await locked.release();
      await quiet(hub, wire);
      expect(wire.of('1')).toEqual([]);
    },
  ],
  [
    'Complete',
    'for an operation that is over, or never was, is not minded',
    async () => {
      wire.send(completion('never'), viewer('1'));
      await wire.answered('1');
      wire.send(completion('1'), completion('1'), completion('__proto__'), viewer('2'));
      expect(await wire.answered('2')).toEqual(named('2'));
      expect(wire.of('never')).toEqual([]);
    },
  ],
  [
    'Communication',
    'a client that leaves ends its operations',
    async () => {
      wire.send(operation('1', snapshots), operation('2', snapshots));
      await subscribed(2);
      wire.leave();
      expect((await wire.closed).code).toBe(1000);
      await subscribed(0);
    },
  ],
])('PROTOCOL.md, %s: %s', async (_section, _sentence, holds) => {
  await connected();
  await holds();
});
