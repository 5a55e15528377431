import { describe, expect, test } from 'vitest';
import { BookingStatus } from '../../src/booking/booking.entity.js';
import type { BookingInput } from '../../src/booking/booking.input.js';
import { checkBooking } from '../../src/booking/check-booking.js';

const booking = (given: Partial<BookingInput> = {}): BookingInput => ({
  customer: { code: 'A' },
  number: 'S-1',
  service: 'Double room',
  startsAt: new Date('2026-05-01T14:00:00Z'),
  endsAt: new Date('2026-05-04T10:00:00Z'),
  ...given,
});
const codes = (given: Partial<BookingInput>) =>
  checkBooking(booking(given)).problems.map((p) => `${p.code} ${p.field}`);

describe('a good booking', () => {
  test('is BOOKED unless it says something else, and says nothing of what is left out', () => {
    const { row, problems } = checkBooking(booking({ number: ' S-1 ', service: ' Double room ' }));
    expect(problems).toEqual([]);
    expect(row).toEqual({
      number: 'S-1',
      service: 'Double room',
      startsAt: new Date('2026-05-01T14:00:00Z'),
      endsAt: new Date('2026-05-04T10:00:00Z'),
      status: BookingStatus.BOOKED,
    });
  });

  test('A26: the language in either case; null and blank clear it', () => {
    expect(checkBooking(booking({ language: 'DA' })).row).toMatchObject({ language: 'da' });
    expect(checkBooking(booking({ language: null })).row).toMatchObject({ language: null });
    expect(checkBooking(booking({ language: ' ' })).row).toMatchObject({ language: null });
    expect(codes({ language: 'xx' })).toEqual(['INVALID language']);
    expect(codes({ language: 'eng' })).toEqual(['TOO_LONG language']);
  });

  test('null of what cannot be cleared is as good as nothing', () => {
    const { row } = checkBooking(booking({ notify: null, status: null, checkedOutAt: null }));
    expect(row).toMatchObject({ status: 'BOOKED' });
    expect(row).not.toHaveProperty('notify');
    expect(row).not.toHaveProperty('checkedOutAt');
  });

  test('may end as it begins', () => {
    expect(codes({ endsAt: new Date('2026-05-01T14:00:00Z') })).toEqual([]);
  });
});

describe('what is refused', () => {
  test('all problems at once, by their fields', () => {
    const given = booking({
      number: '',
      service: 'x'.repeat(201),
      startsAt: new Date('1800-01-01T00:00:00Z'),
      endsAt: new Date('2300-01-01T00:00:00Z'),
      checkedOutAt: new Date('2300-01-01T00:00:00Z'),
      language: 'zz',
    });
    expect(checkBooking(given)).toMatchObject({ row: null, number: '' });
    expect(checkBooking(given).problems.map((p) => `${p.code} ${p.field}`)).toEqual([
      'REQUIRED number',
      'TOO_LONG service',
      'OUT_OF_RANGE startsAt',
      'OUT_OF_RANGE endsAt',
      'OUT_OF_RANGE checkedOutAt',
      'INVALID language',
    ]);
  });

  test('an end before the beginning', () => {
    const { problems } = checkBooking(booking({ endsAt: new Date('2026-05-01T13:59:59Z') }));
    expect(problems.map((p) => p.message)).toEqual(['invalid endsAt (before startsAt)']);
  });

  test.each([
    [{ number: 'x'.repeat(64) }, []],
    [{ number: 'x'.repeat(65) }, ['TOO_LONG number']],
    [{ number: 'a\0' }, ['INVALID number']],
    [{ service: 'x'.repeat(200) }, []],
    [{ service: ' ' }, ['REQUIRED service']],
    [{ service: 'a\nb' }, ['INVALID service']],
  ])('limits: %#', (given, expected) => {
    expect(codes(given)).toEqual(expected);
  });
});
