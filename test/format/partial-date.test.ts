import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPartialDate } from '../../src/format/partial-date.js';

const date = (year: number | null, month: number | null, day: number | null) => ({ year, month, day });

describe('partial dates', () => {
  test('G10-G12: a zero part is unknown, each by itself', () => {
    expect(readPartialDate('1985-12-10')).toEqual(date(1985, 12, 10));
    expect(readPartialDate('0000-05-17')).toEqual(date(null, 5, 17));
    expect(readPartialDate('1985-00-00')).toEqual(date(1985, null, null));
    expect(readPartialDate('0-00-00')).toEqual(date(null, null, null)); // A48, as Gecko prints it
    expect(readPartialDate({ year: 1985, month: null, day: 31 })).toEqual(date(1985, null, 31));
    expect(readPartialDate({ month: '5', day: 17 })).toEqual(date(null, 5, 17));
  });

  test('29 February needs a leap year, unless the year is unknown', () => {
    expect(readPartialDate('2024-02-29')).not.toBeNull();
    expect(readPartialDate('2000-02-29')).not.toBeNull();
    expect(readPartialDate('0000-02-29')).toEqual(date(null, 2, 29));
    for (const text of ['2023-02-29', '1900-02-29', '0000-02-30', '2024-02-30'])
      expect(readPartialDate(text)).toBeNull();
  });

  test('dates that no calendar has, fillers and other shapes are refused', () => {
    for (const text of ['2023-13-01', '2023-04-31', '0000-04-31', '2023-01-32', '1849-01-01', '0001-01-01']) {
      expect(readPartialDate(text)).toBeNull();
    }
    for (const given of ['', '85-12-10', '10/12-1985', '1985-12', '1985-12-10T00:00:00Z', 19851210, true, null, []]) {
      expect(readPartialDate(given)).toBeNull();
    }
    for (const given of [{ year: 'x' }, { year: 1985.5 }, { month: -1 }, { day: [] }]) {
      expect(readPartialDate(given)).toBeNull();
    }
  });

  test('a full date is accepted exactly when the calendar has it', () => {
    const part = (max: number) => fc.integer({ min: 1, max });
    fc.assert(
      fc.property(fc.integer({ min: 1850, max: 9999 }), part(14), part(33), (year, month, day) => {
        const utc = new Date(Date.UTC(year, month - 1, day));
        const exists = utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day;
        expect(readPartialDate({ year, month, day })).toEqual(exists ? date(year, month, day) : null);
      }),
    );
  });
});
