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
const never = new AbortController().signal;
const positions = (events: StreamedEvent[] | null) => events?.map(({ pos }) => Number(pos));

describe('the live end of a feed', () => {
  test('gives what is behind a position, in portions, and nothing at its end', () => {
    const stream = new OwnerStream('1', 5n);
    stream.add([6, 7, 8].map((pos) => event(pos)));
    expect(positions(stream.after(5n, 2))).toEqual([6, 7]);
    expect(positions(stream.after(7n, 2))).toEqual([8]);
    expect(positions(stream.after(8n, 2))).toEqual([]);
    expect(stream.after(4n, 2)).toBeNull(); // before its time: the feed itself has them
    expect(positions(stream.after(9n, 2))).toEqual([]); // a reader that has read ahead in the feed waits
  });

  test('keeps the last thousand; who is further behind reads the feed', () => {
    const stream = new OwnerStream('1', 0n);
    for (let pos = 1; pos <= 1_500; pos += 100) stream.add(Array.from({ length: 100 }, (_, i) => event(pos + i)));
    expect(stream.after(499n, 1)).toBeNull();
    expect(positions(stream.after(500n, 1))).toEqual([501]);
    expect(positions(stream.after(1_499n, 10))).toEqual([1_500]);
  });

  test('wakes who waits for more, at once who need not wait, and who is told to stop', async () => {
    const stream = new OwnerStream('1', 5n);
    await stream.grown(4n, never);
    const stop = new AbortController();
    const woken = [stream.grown(5n, never), stream.grown(5n, stop.signal)];
    expect(stream.waiting).toBe(2);
    stop.abort();
    await woken[1];
    expect(stream.waiting).toBe(1);
    stream.add([event(6)]);
    await woken[0];
    expect(stream.waiting).toBe(0);
    await stream.grown(6n, stop.signal);
  });

  test('A44: from its exclusion on no snapshot of the customer is given, not of earlier events either', () => {
    const stream = new OwnerStream('1', 0n);
    stream.add([event(1, '1'), event(2, '2')]);
    stream.add([{ ...event(3, '1', EventReason.EXCLUDED), snapshot: null }]);
    expect(stream.after(0n, 10)!.map(({ snapshot }) => snapshot?.customerId ?? null)).toEqual([null, '2', null]);
  });
});
