import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { booleanWords, readBoolean } from '../../src/format/boolean-word.js';
import { readDecimal } from '../../src/format/decimal.js';
import { readInteger } from '../../src/format/integer.js';

describe('boolean words', () => {
  test('N43: the eight words in any case, JSON true and false, 1 and 0', () => {
    for (const word of ['yes', 'YES', ' Yes ', 'y', 'Y', 'true', 'TRUE', 'True', '1', true, 1]) {
      expect(readBoolean(word)).toBe(true);
    }
    for (const word of ['no', 'NO', 'n', 'N', 'false', 'FALSE', '0', false, 0]) expect(readBoolean(word)).toBe(false);
    expect(booleanWords).toHaveLength(8);
  });

  test('N43: nothing else is a boolean', () => {
    for (const value of ['', 'on', 'ja', 'yess', '01', '2', 2, -1, 0.5, NaN, null, undefined, [], {}, ['yes']]) {
      expect(readBoolean(value)).toBeNull();
    }
  });
});

describe('integers', () => {
  test('A27: JSON integers and integers as text', () => {
    expect([readInteger(5), readInteger(' -12 '), readInteger('+7'), readInteger('007')]).toEqual([5, -12, 7, 7]);
    expect(Object.is(readInteger('-0'), 0) && Object.is(readInteger(-0), 0)).toBe(true);
  });

  test('A27: fractions, exponents, words and other types are none', () => {
    for (const value of [1.5, NaN, Infinity, '1.0', '1e3', '0x10', '', '-', 'ten', true, null, [1]]) {
      expect(readInteger(value)).toBeNull();
    }
  });
});

describe('decimals', () => {
  const digits = { integer: 12, fraction: 2 };

  test('text is kept exactly, leading zeros and the sign of zero aside', () => {
    expect(readDecimal('1234.50', digits)).toBe('1234.50');
    expect(readDecimal(' -007.5 ', digits)).toBe('-7.5');
    expect(readDecimal('-0.00', digits)).toBe('0.00');
    expect(readDecimal('999999999999.99', digits)).toBe('999999999999.99');
    expect(readDecimal(12.5, digits)).toBe('12.5');
  });

  test('too many digits, exponents, commas and other types are refused', () => {
    for (const value of ['1234567890123', '1.005', 1e21, '1e3', '1,50', '.5', '5.', '', NaN, null, true, ['1']]) {
      expect(readDecimal(value, digits)).toBeNull();
    }
  });

  test('every amount in hundredths survives', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 99_999_999_999_999n }), (cents) => {
        const amount = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
        expect(readDecimal(amount, digits)).toBe(amount);
      }),
    );
  });
});
