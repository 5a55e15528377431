import { expect, test } from 'vitest';
import { amount, duration } from '../../src/terminal/amounts.js';
import { Pace } from '../../src/terminal/pace.js';
import { progressOn, type Screen } from '../../src/terminal/progress.js';

/** What stands in for a terminal, or a log. */
function screen(isTTY: boolean, columns?: number): Screen & { text: string } {
  const made = {
    text: '',
    isTTY,
    ...(columns === undefined ? {} : { columns }),
    write: (text: string) => (made.text += text),
  };
  return made;
}

const standing = (done: number, share: number | null, note = '') => ({ done, unit: 'rows', share, note });

test('issue 6.7: on a terminal a bar with rate and time left is drawn over itself, and cleared before other text', () => {
  const terminal = screen(true, 100);
  const progress = progressOn(terminal);
  progress.show(standing(0, 0), 0);
  progress.show(standing(25_000, 0.25, '3 rows with problems'), 5_000);
  progress.tell('the hub is away: trying again');
  progress.end();
  expect(terminal.text.split('\r\u001b[2K')).toEqual([
    '',
    '[                        ] 0 %, 0 rows',
    '[======                  ] 25 %, 25,000 rows, 5,000/s, 15 s left, 3 rows with problems',
    'the hub is away: trying again\n',
  ]);
});

test('issue 6.7: a bar never wraps: of a narrow terminal it takes one line', () => {
  const terminal = screen(true, 30);
  progressOn(terminal).show(standing(1_000_000, 0.5, 'a long note'), 0);
  expect(terminal.text).toBe('\r\u001b[2K[============            ] 50');
});

test('issue 6.7: elsewhere there is a plain line every 5 seconds, and none for what is done before that', () => {
  const log = screen(false);
  const progress = progressOn(log);
  for (const atMs of [0, 500, 4_900]) progress.show(standing(atMs, null), atMs);
  expect(log.text).toBe('');
  for (const atMs of [5_000, 9_900, 10_000]) progress.show(standing(atMs, null), atMs);
  progress.end();
  expect(log.text).toBe('5,000 rows, 1,000/s\n10,000 rows, 1,000/s\n');
});

test('issue 6.7: the rate is that of the last ten seconds', () => {
  const pace = new Pace();
  expect([pace.perSecond(), pace.secondsLeft()]).toEqual([null, null]);
  pace.add(standing(0, 0), 0);
  pace.add(standing(100, 0.01), 500);
  expect(pace.perSecond()).toBeNull(); // too early
  for (let s = 1; s <= 20; s++) pace.add(standing(s <= 10 ? 1_000 : 1_000 + (s - 10) * 10, 0.5 + s / 100), s * 1_000);
  expect(pace.perSecond()).toBeCloseTo(10);
  expect(pace.secondsLeft()).toBeCloseTo(30);
  const stuck = new Pace();
  for (const s of [0, 2]) stuck.add(standing(5, 0.5), s * 1_000);
  expect([stuck.perSecond(), stuck.secondsLeft()]).toEqual([0, null]);
});

test('issue 6.7: numbers and times are written for people', () => {
  expect([amount(1, 'rows'), amount(1_234_567, 'rows')]).toEqual(['1 row', '1,234,567 rows']);
  expect([0.2, 59.5, 185, 7_800].map(duration)).toEqual(['1 s', '1 min 0 s', '3 min 5 s', '2 h 10 min']);
});
