import { describe, expect, test } from 'vitest';
import { nextRunAfter, scheduleProblem } from '../../src/guest-feed/schedule.js';

const following = (schedule: string, timeZone: string, after: string, count: number): string[] => {
  const times = [new Date(after)];
  while (times.length <= count) times.push(nextRunAfter(schedule, timeZone, times.at(-1)!));
  return times.slice(1).map((time) => time.toISOString().slice(0, 16));
};

describe('C4: the next time of a schedule', () => {
  test('0 3 * * * in Copenhagen is three in the morning before, at and after both changes of the clocks', () => {
    expect(following('0 3 * * *', 'Europe/Copenhagen', '2026-03-27T12:00:00Z', 3)).toEqual([
      ...['2026-03-28T02:00', '2026-03-29T01:00', '2026-03-30T01:00'],
    ]);
    expect(following('0 3 * * *', 'Europe/Copenhagen', '2026-10-23T12:00:00Z', 3)).toEqual([
      ...['2026-10-24T01:00', '2026-10-25T02:00', '2026-10-26T02:00'],
    ]);
  });

  test('a time that the change skips comes right after it; one that the change repeats comes once', () => {
    expect(following('30 2 * * *', 'Europe/Copenhagen', '2026-03-28T12:00:00Z', 2)).toEqual([
      ...['2026-03-29T01:00', '2026-03-30T00:30'],
    ]);
    expect(following('30 2 * * *', 'Europe/Copenhagen', '2026-10-24T12:00:00Z', 2)).toEqual([
      ...['2026-10-25T00:30', '2026-10-26T01:30'],
    ]);
  });

  test('midnight in Sao Paulo, where the change itself is at midnight', () => {
    expect(following('0 0 * * *', 'America/Sao_Paulo', '2018-11-03T12:00:00Z', 2)).toEqual([
      ...['2018-11-04T03:00', '2018-11-05T02:00'],
    ]);
    expect(following('30 23 * * *', 'America/Sao_Paulo', '2019-02-16T12:00:00Z', 2)).toEqual([
      ...['2019-02-17T01:30', '2019-02-18T02:30'],
    ]);
  });

  test('any other expression of five fields', () => {
    expect(following('*/15 6-7 * * MON-FRI', 'UTC', '2026-05-01T07:30:00Z', 2)).toEqual([
      ...['2026-05-01T07:45', '2026-05-04T06:00'],
    ]);
    expect(following('0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', 1)).toEqual(['2028-02-29T00:00']);
  });

  test.each([
    ...[
      '',
      '0 3 * *',
      '0 3 * * * *',
      '60 3 * * *',
      '0 24 * * *',
      '0 3 * * * extra',
      '@daily',
      '? ? ? ? ?',
      'a b c d e',
    ],
    ...['0 0 31 2 *', '2030-01-01T00:00:00', '0 3 * * FUNDAY', '-1 3 * * *', '0 3 0 * *', '*/0 * * * *'],
  ])('"%s" is no schedule', (schedule) => {
    expect(scheduleProblem(schedule, new Date('2026-05-01T00:00:00Z'))).toMatch(/five fields|never comes/);
  });
});
