/**
 * Reads a decimal exactly, as a whole number of its smallest unit: "1.5" at scale 4 is 15000n. Zeros at the end do not
 * count. Null for a text that is no decimal or has more decimals than `scale`.
 */
export function scaled(text: string, scale: number): bigint | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return null;
  const [, sign, integer = '', decimals = ''] = match;
  const fraction = decimals.replace(/0+$/, '');
  if (fraction.length > scale) return null;
  const units = BigInt(integer + fraction.padEnd(scale, '0'));
  return sign === '-' ? -units : units;
}

/** The text of such a number with all its decimals, as PostgreSQL prints a numeric of this scale: 15000n is "1.5000". */
export function fixed(units: bigint, scale: number): string {
  const digits = magnitude(units)
    .toString()
    .padStart(scale + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The quotient as a whole number, halves away from zero: what PostgreSQL's `round(numeric)` does. `divisor` > 0. */
export function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const rounded = (2n * magnitude(dividend) + divisor) / (2n * divisor);
  return dividend < 0n ? -rounded : rounded;
}

export const magnitude = (units: bigint): bigint => (units < 0n ? -units : units);
