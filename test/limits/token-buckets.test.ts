import { expect, test } from 'vitest';
import { TokenBuckets } from '../../src/limits/token-buckets.js';

function bucketsAt(size: number, perSecond: number) {
  const clock = { ms: 5_000 };
  return { clock, buckets: new TokenBuckets(size, perSecond, () => clock.ms) };
}

test('design C: an allowance is spent, told to the millisecond when it suffices again, and fills up to its size', () => {
  const { clock, buckets } = bucketsAt(100, 10);
  expect(buckets.take('a', 60)).toBe(0);
  expect(buckets.left('a')).toBe(40);
  expect(buckets.take('a', 50)).toBe(1_000);
  expect(buckets.left('a')).toBe(40); // nothing was taken
  clock.ms += 999;
  expect(buckets.take('a', 50)).toBe(1);
  clock.ms += 1;
  expect(buckets.take('a', 50)).toBe(0);
  expect(buckets.left('a')).toBe(0);
  clock.ms += 60_000;
  expect(buckets.left('a')).toBe(100);
});

test('design C: what one name spends, another one has', () => {
  const { buckets } = bucketsAt(10, 1);
  expect([buckets.take('a', 10), buckets.take('a', 1), buckets.take('b', 10)]).toEqual([0, 1_000, 0]);
});

test('design C: more than all of it is given to who has all of it, and to nobody else', () => {
  const { clock, buckets } = bucketsAt(10, 1);
  expect(buckets.take('a', 25)).toBe(0);
  expect(buckets.left('a')).toBe(0);
  clock.ms += 9_000;
  expect(buckets.take('a', 25)).toBe(1_000);
});

test('design C: ever new names take no more than so much memory, and no name loses what it has spent before it is back', () => {
  const { clock, buckets } = bucketsAt(10, 1);
  for (let i = 0; i < 9_000; i++) buckets.take(`old ${i}`, 1);
  clock.ms += 2_000;
  buckets.take('spender', 10);
  for (let i = 0; i < 9_900; i++) buckets.take(`new ${i}`, 1);
  expect(buckets.left('spender')).toBe(0);
  expect((buckets as unknown as { buckets: Map<string, unknown> }).buckets.size).toBeLessThanOrEqual(10_000);
});
