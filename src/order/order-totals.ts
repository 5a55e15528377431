import { roundedQuotient } from './exact-decimal.js';

/** A line in whole numbers: each of its decimals at scale 4. */
export interface LineAmounts {
  quantity: bigint;
  unitPrice: bigint;
  /** Percent. */
  vatRate: bigint;
}

/** Amounts at scale 4. */
export interface OrderTotals {
  totalValue: bigint;
  totalValueExVat: bigint;
}

/**
 * The totals that lines give (G17, G18): Σ quantity × unitPrice, and the same less the VAT that the prices contain.
 * Exact to the last step: each sum is rounded once, to two decimals, halves away from zero.
 */
export function totalsOfLines(lines: readonly LineAmounts[]): OrderTotals {
  const byRate = new Map<bigint, bigint>(); // sums of one rate need one division
  for (const { quantity, unitPrice, vatRate } of lines)
    byRate.set(vatRate, (byRate.get(vatRate) ?? 0n) + quantity * unitPrice);
  let value = 0n;
  let exVat = { dividend: 0n, divisor: 1n }; // a fraction: one third has no last decimal
  for (const [vatRate, amount] of byRate) {
    value += amount;
    const divisor = hundredPercent + vatRate;
    exVat = {
      dividend: exVat.dividend * divisor + amount * hundredPercent * exVat.divisor,
      divisor: exVat.divisor * divisor,
    };
  }
  return {
    totalValue: roundedQuotient(value, toCents) * fromCents,
    totalValueExVat: roundedQuotient(exVat.dividend, exVat.divisor * toCents) * fromCents,
  };
}

const hundredPercent = 1_000_000n; // at scale 4
const toCents = 1_000_000n; // products have scale 8
const fromCents = 100n; // totals have scale 4
