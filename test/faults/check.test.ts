import { describe, expect, test } from 'vitest';
import { check } from './check.js';
import type { Committed } from './committed.js';
import { History, type Operation } from './history.js';
import type { Reading } from './reader.js';

/** A small run in which everything went right, of one owner and two customers. */
interface Run {
  committed: Committed;
  operations: Operation[];
  reading: Reading;
}

function goodRun(): Run {
  const event = (pos: number, customerId: string, version: number, reason: string, origin = 'w') => ({
    ...{ ownerId: '1', pos, customerId, version, reasons: [reason], origin },
  });
  const customer = (id: string, version: number, name: string, orders: number) => ({
    ...{ ownerId: '1', id, version, name, orders },
    snapshot: { version, bodyVersion: version, name, orders },
  });
  const history = new History();
  const done = (outcome: 'ok' | 'fail' | 'unknown', what: Partial<Operation>) =>
    history.end(history.invoke({ kind: 'test', writer: 'w', ...what }), outcome);
  done('ok', { customers: ['7', '8'] });
  done('ok', { customers: ['7'], made: { customerId: '7', version: 2, name: 'Seven' } });
  done('ok', { customers: ['8'], marks: ['a', 'b'], seen: [{ customerId: '8', version: 2 }] });
  done('fail', { customers: ['8'], marks: ['c'] });
  done('unknown', { customers: ['8'], marks: ['d', 'e'] });
  done('unknown', { customers: ['7'] });
  const got = (customerId: string, version: number) => ({ customerId, version, snapshotVersion: version });
  return {
    committed: {
      feed: [
        event(1, '7', 1, 'CREATED'),
        event(2, '8', 1, 'CREATED'),
        event(3, '7', 2, 'UPDATED'),
        event(4, '8', 2, 'ORDER'),
        event(5, '8', 3, 'ORDER'),
      ],
      customers: [customer('7', 2, 'Seven', 0), customer('8', 3, 'Eight', 4)],
      heads: [{ ownerId: '1', lastPos: 5, minPos: 1 }],
      marks: new Set(['a', 'b', 'd', 'e']),
      outbox: 0,
    },
    operations: history.operations,
    reading: {
      ...{ name: 'reader', ownerId: '1', fromStart: true, problems: [] },
      connections: [[got('7', 1), got('8', 1)], [], [got('7', 2), got('8', 2), got('8', 3)]],
    },
  };
}

function faultsOf(spoil: (run: Run) => void): string[] {
  const run = goodRun();
  spoil(run);
  const history = new History();
  history.operations.push(...run.operations);
  return check(run.committed, history, [run.reading]);
}

test('D 25: nothing is wrong with a run in which everything went right', () => {
  expect(faultsOf(() => undefined)).toEqual([]);
  expect(faultsOf(({ operations }) => (operations[5]!.outcome = 'pending'))).toEqual([]);
  expect(faultsOf(({ reading }) => Object.assign(reading, { fromStart: false }))).toEqual([]);
});

const faults: Record<string, { spoil: (run: Run) => void; told: string }> = {
  'a lost event': {
    spoil: ({ committed }) => committed.feed.splice(4, 1),
    told: 'customer 8: version 3 is in the feed 0 times',
  },
  'an event that is there twice': {
    spoil: ({ committed }) => committed.feed.push({ ...committed.feed[4]!, pos: 6 }),
    told: 'customer 8: version 3 is in the feed 2 times',
  },
  'a gap in the positions': {
    spoil: ({ committed }) => (committed.feed[4]!.pos = 6),
    told: 'owner 1: position 6 stands where 5 belongs',
  },
  'a position given out twice': {
    spoil: ({ committed }) => (committed.feed[4]!.pos = 4),
    told: 'owner 1: position 4 stands where 5 belongs',
  },
  'a head that is wrong': {
    spoil: ({ committed }) => (committed.heads[0]!.lastPos = 6),
    told: 'owner 1: 5 events, but the head says 6',
  },
  'versions of a customer in the wrong order': {
    spoil: ({ committed: { feed } }) => {
      feed[3]!.version = 3;
      feed[4]!.version = 2;
    },
    told: 'customer 8: version 2 comes after 3',
  },
  'an event of a change that was rolled back': {
    spoil: ({ committed }) => (committed.customers[1]!.version = 2),
    told: 'customer 8: the feed tells version 3, committed is 2',
  },
  'an event of a customer who was rolled back': {
    spoil: ({ committed }) => committed.customers.pop(),
    told: 'owner 1: event 2 is of customer 8, who is nobody',
  },
  'an old snapshot': {
    spoil: ({ committed }) => (committed.customers[0]!.snapshot!.version = 1),
    told: 'customer 7: the snapshot says {"version":1,"bodyVersion":2,"name":"Seven","orders":0}, the customer is {"version":2,"bodyVersion":2,"name":"Seven","orders":0}',
  },
  'an event that stays in the outbox': {
    spoil: ({ committed }) => (committed.outbox = 2),
    told: '2 events were never moved out of the outbox',
  },
  'half of an acknowledged write': {
    spoil: ({ committed }) => committed.marks.delete('b'),
    told: 'test a, b ended ok, and 1 of 2 are stored',
  },
  'something of a failed write': {
    spoil: ({ committed }) => committed.marks.add('c'),
    told: 'test c ended fail, and 1 of 1 are stored',
  },
  'half of a write whose end is unknown': {
    spoil: ({ committed }) => committed.marks.delete('d'),
    told: 'test d, e ended unknown, and 1 of 2 are stored',
  },
  'a version that somebody else made': {
    spoil: ({ committed }) => (committed.feed[2]!.origin = 'x'),
    told: 'customer 7: w made version 2, the feed says x did',
  },
  'a value that was overwritten by nobody': {
    spoil: ({ committed: { customers } }) => (customers[0]!.name = customers[0]!.snapshot!.name = 'Other'),
    told: 'customer 7: was named Seven last, and is named Other',
  },
  'a version that was shown and is not committed': {
    spoil: ({ operations }) => (operations[2]!.seen[0]!.version = 4),
    told: 'customer 8: an answer showed version 4, committed is 3',
  },
  'more events than writes': {
    spoil: ({ operations }) => operations.splice(2, 1),
    told: 'w → customer 8: 3 events, written were 2 to 2',
  },
  'fewer events than writes': {
    spoil: ({ operations }) => operations.push({ ...operations[1]!, made: null }, { ...operations[1]!, made: null }),
    told: 'w → customer 7: 2 events, written were 4 to 5',
  },
  'an event that a reader did not get': {
    spoil: ({ reading }) => reading.connections[2]!.shift(),
    told: 'reader: event 3 is customer 7 v2, it got customer 8 v2 (4 of 5)',
  },
  'the last event that a reader did not get': {
    spoil: ({ reading }) => reading.connections[2]!.pop(),
    told: 'reader: event 5 is customer 8 v3, it got nothing (4 of 5)',
  },
  'an event that a reader got twice': {
    spoil: ({ reading: { connections } }) => connections[0]!.push(connections[0]![0]!),
    told: 'reader: customer 7 v1 came twice in connection 1',
  },
  'a snapshot older than its event': {
    spoil: ({ reading }) => (reading.connections[2]![2]!.snapshotVersion = 2),
    told: 'reader: customer 8 v3 came with a snapshot of version 2',
  },
};

describe('D 25: the checker tells of', () => {
  test.each(Object.entries(faults))('%s', (_, { spoil, told }) => {
    expect(faultsOf(spoil)).toContain(told);
  });
});
