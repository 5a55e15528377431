import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixed, roundedQuotient, scaled } from '../../src/order/exact-decimal.js';
import { totalsOfLines } from '../../src/order/order-totals.js';

const line = (quantity: string, unitPrice: string, vatRate: string) => ({
  quantity: scaled(quantity, 4)!,
  unitPrice: scaled(unitPrice, 4)!,
  vatRate: scaled(vatRate, 4)!,
});
const totals = (...lines: ReturnType<typeof line>[]) => {
  const { totalValue, totalValueExVat } = totalsOfLines(lines);
  return [fixed(totalValue, 4), fixed(totalValueExVat, 4)];
};

describe('exact decimals', () => {
  test.each([
    ['0', 4, 0n],
    ['-0.00', 4, 0n],
    ['1.5', 4, 15000n],
    ['-1.5', 4, -15000n],
    ['99999999999999.9999', 4, 999999999999999999n],
    ['1.50000000', 4, 15000n],
    ['1.23456', 4, null],
    ['1e3', 4, null],
    ['', 4, null],
    ['.5', 4, null],
  ])('%s at scale %i is %s', (text, scale, units) => {
    expect(scaled(text, scale)).toBe(units);
  });

  test('what was read is printed as PostgreSQL prints it', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }),
        fc.integer({ min: 1, max: 10 }),
        (units, scale) => {
          expect(scaled(fixed(units, scale), scale)).toBe(units);
        },
      ),
    );
    expect([fixed(-5n, 4), fixed(0n, 4), fixed(123456789n, 4)]).toEqual(['-0.0005', '0.0000', '12345.6789']);
  });

  test.each([
    [5n, 10n, 1n],
    [-5n, 10n, -1n],
    [4n, 10n, 0n],
    [-4n, 10n, 0n],
    [15n, 10n, 2n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
  ])('%s / %s rounds to %s: halves away from zero', (dividend, divisor, quotient) => {
    expect(roundedQuotient(dividend, divisor)).toBe(quotient);
  });
});

describe('G17, G18: totals of lines', () => {
  test('0.1 + 0.2 is 0.30', () => {
    expect(totals(line('1', '0.1', '0'), line('1', '0.2', '0'))).toEqual(['0.3000', '0.3000']);
  });

  test('the price contains the VAT: 100.00 at 25 % is 80.00 without', () => {
    expect(totals(line('1', '100', '25'))).toEqual(['100.0000', '80.0000']);
    expect(totals(line('3', '33.3333', '25.5'))).toEqual(['100.0000', '79.6800']);
  });

  test('the sum is rounded, not each line: three times 0.005 is 0.02', () => {
    expect(totals(line('1', '0.005', '0'), line('1', '0.005', '0'), line('1', '0.005', '0'))).toEqual([
      '0.0200',
      '0.0200',
    ]);
  });

  test('fractions without a last decimal that add up to a half cent are rounded as one', () => {
    expect(totals(line('1', '0.015', '50'), line('1', '0.006', '20'))).toEqual(['0.0200', '0.0200']); // 0.01 + 0.005
    expect(totals(line('1', '0.01', '50'), line('1', '0.01', '20'))[1]).toBe('0.0200'); // 0.00667 + 0.00833 = 0.015
    expect(totals(line('-1', '0.01', '50'), line('-1', '0.01', '20'))[1]).toBe('-0.0200');
  });

  test('what came back subtracts (A8)', () => {
    expect(totals(line('-2', '10.50', '24'))).toEqual(['-21.0000', '-16.9400']);
  });

  test('amounts far beyond 2^53 keep their cents', () => {
    expect(totals(line('9999999', '9999999.99', '0'))).toEqual(['99999989900000.0100', '99999989900000.0100']);
  });
});
