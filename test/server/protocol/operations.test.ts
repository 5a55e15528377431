import { expect, test } from 'vitest';
import { blockedIn } from '../../faults/held-rows.js';
import { eventually } from '../../feed/events.js';
import { completion, named, operation, quiet, snapshots, tags, viewer } from './operations.js';
import { OperationDesk } from './operation-desk.js';

/*
 * What PROTOCOL.md of graphql-ws (graphql-transport-ws) asks of a server about operations; operation-ids.test.ts has what
 * it asks about their ids. Elsewhere is: an error in the midst of a subscription ends it without a completion, and leaves
 * the others of its socket (socket.test.ts).
 */

const desk = OperationDesk.open();

test.each<[string, string, () => Promise<void>]>([
  [
    'Communication',
    'several operations are active at once, and an answer does not wait for those before it',
    async () => {
      const locked = await desk.hold();
      desk.wire.send(operation('slow', tags), operation('events', snapshots), viewer('quick'));
      expect(await desk.wire.answered('quick')).toEqual(named('quick'));
      await desk.subscribed(1);
      expect(desk.wire.typesOf('slow')).toEqual([]);
      await locked.release();
      await desk.book.guest();
      await eventually(() => desk.wire.typesOf('events').length === 1, 'the event');
      expect(await desk.wire.answered('slow')).toMatchObject([
        { payload: { data: { tags: [] } } },
        { type: 'complete' },
      ]);
    },
  ],
  [
    'Ping',
    'is answered while an operation is under way',
    async () => {
      await desk.hold();
      desk.wire.send(operation('slow', tags));
      await desk.wire.settle();
      expect(desk.wire.typesOf('slow')).toEqual([]);
    },
  ],
  [
    'Next',
    'a query and a mutation have exactly one, behind it the completion',
    async () => {
      desk.wire.send(viewer('1'), operation('2', 'mutation { createTag(name: "once") { userErrors { code } } }'));
      expect(await desk.wire.answered('1')).toEqual(named('1'));
      expect(await desk.wire.answered('2')).toEqual([
        { id: '2', type: 'next', payload: { data: { createTag: { userErrors: [] } } } },
        completion('2'),
      ]);
    },
  ],
  [
    'Next',
    'errors of fields stand in the result, beside the data, and do not end it otherwise',
    async () => {
      desk.wire.destroy();
      await desk.connect(await desk.book.owner.newKey(['changes:read']));
      desk.wire.send(operation('1', '{ viewer { name } customer(by: { code: "A" }) { id } }'));
      expect(await desk.wire.answered('1')).toMatchObject([
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
      for (const [id, query] of Object.entries(wrong)) desk.wire.send(operation(id, query));
      desk.wire.send({
        id: 'other',
        type: 'subscribe',
        payload: { query: 'query A { __typename }', operationName: 'B' },
      });
      const ids = [...Object.keys(wrong), 'other'];
      await eventually(() => ids.every((id) => desk.wire.typesOf(id).length > 0), 'the errors');
      await quiet(desk.hub, desk.wire);
      for (const id of ids)
        expect(desk.wire.of(id), id).toMatchObject([
          { type: 'error', payload: [{ extensions: { code: expect.stringMatching(/^[A-Z_]+$/) as string } }] },
        ]);
    },
  ],
  [
    'Complete',
    'from the client ends a subscription: no event and no completion follows, and the hub lets it go',
    async () => {
      desk.wire.send(operation('1', snapshots), operation('2', snapshots));
      await desk.subscribed(2);
      desk.wire.send(completion('1'));
      await desk.subscribed(1);
      await desk.book.guest();
      await eventually(() => desk.wire.typesOf('2').length === 1, 'the event');
      await desk.wire.settle();
      expect(desk.wire.of('1')).toEqual([]);
    },
  ],
  [
    'Complete',
    'from the client before the result of a query: it is not sent',
    async () => {
      const locked = await desk.hold();
      desk.wire.send(operation('1', tags));
      await blockedIn(desk.hub.clone.sql, 'findTags');
      desk.wire.send(completion('1'));
      await desk.wire.settle();
      await locked.release();
      await quiet(desk.hub, desk.wire);
      expect(desk.wire.of('1')).toEqual([]);
    },
  ],
  [
    'Complete',
    'for an operation that is over, or never was, is not minded',
    async () => {
      desk.wire.send(completion('never'), viewer('1'));
      await desk.wire.answered('1');
      desk.wire.send(completion('1'), completion('1'), completion('__proto__'), viewer('2'));
      expect(await desk.wire.answered('2')).toEqual(named('2'));
      expect(desk.wire.of('never')).toEqual([]);
    },
  ],
  [
    'Communication',
    'a client that leaves ends its operations',
    async () => {
      desk.wire.send(operation('1', snapshots), operation('2', snapshots));
      await desk.subscribed(2);
      desk.wire.leave();
      expect((await desk.wire.closed).code).toBe(1000);
      await desk.subscribed(0);
    },
  ],
])('PROTOCOL.md, %s: %s', async (_section, _sentence, holds) => {
  await desk.connect();
  await holds();
});
