import { describe, expect, test } from 'vitest';
import type { StreamedEvent } from '../../src/feed/events-after.js';
import { EventReason } from '../../src/event-reason.js';
import { OwnerStream } from '../../src/feed/owner-stream.js';

const event = (pos: number, customerId = '1', reason = EventReason.UPDATED): StreamedEvent => ({
  pos: BigInt(pos),
  cursor: `c${pos}`,
  customerId,
  version: pos,
  reasons: [reason],
  occurredAt: new Date(0),
  origin: null,
  snapshot: { customerId } as StreamedEvent['snapshot'],
});
const position = (event: StreamedEvent | undefined) => event && Number(event.pos);

describe('the live end of a feed', () => {
  test('gives what is behind a position, and nothing at its end', () => {
    const stream = new OwnerStream('1', 5n);
    stream.add([6, 7, 8].map((pos) => event(pos)));
    expect(position(stream.next(5n))).toBe(6);
    expect(position(stream.next(7n))).toBe(8);
    expect(stream.next(8n)).toBeUndefined();
    expect(stream.next(4n)).toBeUndefined(); // before its time: the feed itself has them
    expect(stream.next(9n)).toBeUndefined(); // a reader that has read ahead in the feed waits
  });

  test('keeps the last thousand; who is further behind reads the feed', () => {
    const stream = new OwnerStream('1', 0n);
    for (let pos = 1; pos <= 1_500; pos += 100) stream.add(Array.from({ length: 100 }, (_, i) => event(pos + i)));
    expect(stream.next(499n)).toBeUndefined();
    expect(position(stream.next(500n))).toBe(501);
    expect(position(stream.next(1_499n))).toBe(1_500);
  });

  test('wakes everybody who waits for more, once, a few in each turn, and nobody who has left', async () => {
    const stream = new OwnerStream('1', 5n);
    const woken: number[] = [];
    const readers = Array.from({ length: 200 }, (_, n) => () => void woken.push(n));
    for (const reader of readers) stream.wait(reader);
    stream.leave(readers[1]!);
    expect(stream.waiting).toBe(199);
    stream.add([event(6)]);
    expect(woken.length).toBeGreaterThan(0);
    expect(woken.length).toBeLessThan(199);
    stream.leave(readers[198]!); // after it was due, before its turn
    while (stream.waiting > 0) await new Promise(setImmediate);
    stream.add([event(7)]);
    expect(woken).toEqual([...readers.keys()].filter((n) => n !== 1 && n !== 198));
  });

  test('A44: from its exclusion on no snapshot of the customer is given, not of earlier events either', () => {
    const stream = new OwnerStream('1', 0n);
    stream.add([event(1, '1'), event(2, '2')]);
    stream.add([{ ...event(3, '1', EventReason.EXCLUDED), snapshot: null }]);
    expect([0n, 1n, 2n].map((pos) => stream.next(pos)!.snapshot?.customerId ?? null)).toEqual([null, '2', null]);
  });
});
