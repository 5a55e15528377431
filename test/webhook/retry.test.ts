import { expect, test } from 'vitest';
import { retryAfterSeconds, retryDelayMs, retryScheduleMs } from '../../src/webhook/retry.js';

const plain = { status: 500, timedOut: false, retryAfterSeconds: null };
const middle = () => 0.5;
const hour = 3_600_000;

test('nine delays, then no more: 75 hours 35 minutes and 5 seconds in all', () => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempt) => retryDelayMs(attempt, plain, middle)!);
  expect(delays).toEqual([...retryScheduleMs]);
  expect(delays.reduce((sum, delay) => sum + delay)).toBe(75 * hour + 35 * 60_000 + 5_000);
  expect(retryDelayMs(10, plain, middle)).toBeNull();
});

test('each delay is spread by a fifth to both sides', () => {
  expect(retryDelayMs(2, plain, () => 0)).toBe(240_000);
  expect(retryDelayMs(2, plain, () => 1)).toBe(360_000);
});

test('after a timeout or 429 at least a minute', () => {
  expect(retryDelayMs(1, { ...plain, status: null, timedOut: true }, middle)).toBe(60_000);
  expect(retryDelayMs(1, { ...plain, status: 429 }, middle)).toBe(60_000);
  expect(retryDelayMs(2, { ...plain, status: 429 }, middle)).toBe(300_000);
});

test('Retry-After counts between the base and the larger of twice the base and an hour', () => {
  const asking = (seconds: number) => ({ ...plain, status: 503, retryAfterSeconds: seconds });
  expect(retryDelayMs(1, asking(120), middle)).toBe(120_000);
  expect(retryDelayMs(1, asking(1), middle)).toBe(5_000);
  expect(retryDelayMs(1, asking(99_999_999), middle)).toBe(hour);
  expect(retryDelayMs(4, asking(99_999_999), middle)).toBe(4 * hour);
  expect(retryDelayMs(4, asking(1), middle)).toBe(2 * hour);
});

test('Retry-After is a number of seconds or an HTTP date', () => {
  const now = new Date('2026-05-17T10:00:00Z');
  expect(retryAfterSeconds('120', now)).toBe(120);
  expect(retryAfterSeconds(' 0 ', now)).toBe(0);
  expect(retryAfterSeconds('Sun, 17 May 2026 10:01:30 GMT', now)).toBe(90);
  expect(retryAfterSeconds('Sun, 17 May 2026 09:00:00 GMT', now)).toBe(0);
  for (const nonsense of [null, '', '-5', '1.5', 'soon', '2026-05-17', '9'.repeat(40)])
    expect(retryAfterSeconds(nonsense, now)).toBeNull();
});
