import { expect, test } from 'vitest';
import { Breaker, type Outcome } from '../../src/webhook/breaker.js';

const probes = [5_000, 300_000] as const;
const start = new Date('2026-05-17T10:00:00Z').getTime();

function closedBreaker() {
  const breaker = new Breaker(() => 0.5, probes);
  let seconds = 0;
  const note = (outcome: Partial<Outcome> = {}) =>
    breaker.note({
      ...{ ok: false, endpointClass: true, customerId: '1', crowded: false },
      now: new Date(start + seconds * 1_000),
      ...outcome,
    });
  return { breaker, note, after: (more: number) => void (seconds += more) };
}

test('five failures in a row of two customers open it, four do not', () => {
  const { breaker, note } = closedBreaker();
  for (const customerId of ['1', '2', '1', '2']) note({ customerId });
  expect(breaker.open).toBe(false);
  note();
  expect(breaker.open).toBe(true);
});

test('of one customer it takes ten', () => {
  const { breaker, note } = closedBreaker();
  for (let i = 0; i < 9; i++) note();
  expect(breaker.open).toBe(false);
  note();
  expect(breaker.open).toBe(true);
});

test('D 9: while failures follow one another, no more requests are under way than may yet open it: ten in all', () => {
  const { breaker, note } = closedBreaker();
  expect(breaker.concurrency).toBe(Infinity);
  const room = Array.from({ length: 9 }, () => {
    note();
    return breaker.concurrency;
  });
  expect(room).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  note({ ok: true });
  expect(breaker.concurrency).toBe(Infinity);
});

test('a success or a refusal of the data in between shows that the endpoint lives', () => {
  for (const alive of [{ ok: true }, { endpointClass: false }]) {
    const { breaker, note, after } = closedBreaker();
    for (let i = 0; i < 12; i++) {
      for (const customerId of ['1', '2', '3', '4']) note({ customerId });
      note(alive);
      after(61);
    }
    expect(breaker.open).toBe(false);
  }
});

test('half of twenty within a minute open it', () => {
  const { breaker, note } = closedBreaker();
  for (let i = 0; i < 9; i++) {
    note({ customerId: String(i) });
    note({ ok: true });
  }
  expect(breaker.open).toBe(false);
  note();
  note({ ok: true });
  note();
  expect(breaker.open).toBe(true);
});

test('too many parked customers open it', () => {
  const { breaker, note } = closedBreaker();
  note({ endpointClass: false, crowded: true });
  expect(breaker.open).toBe(true);
});

test('probes follow after 5 s and then ever later, up to 5 minutes', () => {
  const { breaker, note, after } = closedBreaker();
  for (const customerId of ['1', '2', '1', '2', '1']) note({ customerId });
  const waits: number[] = [];
  let now = start;
  for (let i = 0; i < 9; i++) {
    const wait = breaker.probeAt!.getTime() - now;
    waits.push(wait / 1_000);
    now += wait;
    after(wait / 1_000);
    note();
  }
  expect(waits).toEqual([5, 5, 10, 20, 40, 80, 160, 300, 300]);
});

test('three successes in a row close it, and requests in flight ramp up', () => {
  const { breaker, note } = closedBreaker();
  for (const customerId of ['1', '2', '1', '2', '1']) note({ customerId });
  expect(breaker.concurrency).toBe(1);
  note({ ok: true });
  note({ ok: true });
  note();
  note({ ok: true });
  note({ ok: true });
  expect(breaker.open).toBe(true);
  note({ ok: true });
  expect(breaker.open).toBe(false);
  expect(breaker.probeAt).toBeNull();
  const ramp = Array.from({ length: 8 }, () => {
    const { concurrency } = breaker;
    note({ ok: true });
    return concurrency;
  });
  expect(ramp).toEqual([1, 2, 2, 4, 4, 4, 4, 8]);
});

test('it counts failures since the last success, and since when', () => {
  const { breaker, note, after } = closedBreaker();
  note({ ok: true });
  after(10);
  note();
  after(10);
  note({ endpointClass: false });
  expect(breaker).toMatchObject({ fails: 2, failSince: new Date(start + 10_000) });
  note({ ok: true });
  expect(breaker).toMatchObject({ fails: 0, failSince: null });
});
