import { expect, test } from 'vitest';
import { blockedIn } from '../../faults/held-rows.js';
import { eventually } from '../../feed/events.js';
import { completion, named, operation, quiet, snapshots, tags, viewer } from './operations.js';
import { OperationDesk } from './operation-desk.js';

/* What PROTOCOL.md of graphql-ws (graphql-transport-ws) asks of a server about the ids of operations. */

const desk = OperationDesk.open();

test.each<[string, string, () => Promise<void>]>([
  [
    'Subscribe',
    'an id that is in use closes with 4409 and its name at once, whatever the two operations are',
    async () => {
      await desk.hold();
      for (const first of [tags, snapshots, 'mutation { createTag(name: "a") { tag { id } } }'])
        for (const second of ['{ viewer { name } }', snapshots, 'mutation { createTag(name: "b") { tag { id } } }']) {
          await desk.connect();
          desk.wire.send(operation('same', first), operation('same', second), viewer('behind'));
          expect(await desk.wire.closed).toEqual({ code: 4409, reason: 'Subscriber for same already exists' });
          expect(desk.wire.of('behind')).toEqual([]);
        }
    },
  ],
  [
    'Subscribe',
    '4409 also where the id is longer than a reason may be, or is a name that every object has',
    async () => {
      await desk.hold();
      for (const id of ['long '.repeat(50), 'é'.repeat(60), '__proto__', 'constructor']) {
        await desk.connect();
        desk.wire.send(operation(id, tags), viewer(id));
        expect((await desk.wire.closed).code, id).toBe(4409);
      }
    },
  ],
  [
    'Subscribe',
    'ids are any texts, and come back as they were',
    async () => {
      for (const id of ['1', ' ', '__proto__', 'toString', '"\\\n', '\u2028 ø 😀', '17","type":"complete']) {
        desk.wire.send(viewer(id));
        expect(await desk.wire.answered(id), id).toEqual(named(id));
      }
    },
  ],
  [
    'Subscribe',
    'an id is free again behind the completion, behind an error, and behind the client’s own completion',
    async () => {
      desk.wire.send(viewer('1'));
      await desk.wire.answered('1');
      desk.wire.send(operation('1', '{ nonsense }'));
      await eventually(() => desk.wire.typesOf('1').includes('error'), 'the error');
      desk.wire.send(operation('1', snapshots));
      await desk.subscribed(1);
      desk.wire.send(completion('1'), viewer('1'));
      expect((await desk.wire.answered('1')).slice(3)).toEqual(named('1'));
    },
  ],
  [
    'Subscribe',
    'an id is free at once when its client has completed it, while the hub is still at the operation',
    async () => {
      const locked = await desk.hold();
      desk.wire.send(operation('1', tags));
      await blockedIn(desk.hub.clone.sql, 'findTags');
      desk.wire.send(completion('1'), viewer('1'));
      expect(await desk.wire.answered('1')).toEqual(named('1'));
      desk.wire.send(operation('1', snapshots));
      await desk.subscribed(1);
      await locked.release();
      await quiet(desk.hub, desk.wire);
      expect(desk.wire.of('1')).toEqual(named('1')); // nothing of the first one, and the third one goes on
      await desk.book.guest();
      await eventually(() => desk.wire.typesOf('1').length === 3, 'the event');
      expect(desk.wire.typesOf('1')[2]).toBe('next');
    },
  ],
  [
    'Subscribe',
    'one subscription after another under the same id: the second goes on when the first is over',
    async () => {
      desk.wire.send(operation('1', 'subscription { customerSnapshots { first: version } }'));
      await desk.subscribed(1);
      desk.wire.send(completion('1'), operation('1', 'subscription { customerSnapshots { second: version } }'));
      await desk.wire.settle();
      await desk.subscribed(1);
      await desk.book.guest();
      await eventually(() => desk.wire.typesOf('1').length > 0, 'the event');
      await desk.book.guest();
      await eventually(() => desk.wire.typesOf('1').length > 1, 'the next event');
      expect(desk.wire.typesOf('1')).toEqual(['next', 'next']);
      expect(JSON.stringify(desk.wire.of('1'))).not.toContain('first');
    },
  ],
  [
    'Subscribe',
    'completed and subscribed again before the first has begun',
    async () => {
      const query = (name: string) => `subscription { customerSnapshots { ${name}: version } }`;
      desk.wire.send(operation('1', query('first')), completion('1'), operation('1', query('second')));
      await desk.wire.settle();
      await desk.subscribed(1);
      await desk.book.guest();
      await eventually(() => desk.wire.typesOf('1').length > 0, 'the event');
      await quiet(desk.hub, desk.wire);
      expect(desk.wire.of('1')).toMatchObject([
        { type: 'next', payload: { data: { customerSnapshots: { second: 1 } } } },
      ]);
    },
  ],
])('PROTOCOL.md, %s: %s', async (_section, _sentence, holds) => {
  await desk.connect();
  await holds();
});
