/**
 * Reads an exact decimal: text such as `-1234.50`, or a JSON number that prints without an exponent. Gives it as text
 * with its fraction as given and no needless leading zeros; null where it is none, or has more digits before or behind
 * the point than the column holds. Never goes through binary floating point.
 */
export function readDecimal(given: unknown, digits: { integer: number; fraction: number }): string | null {
  const text = typeof given === 'string' ? given.trim() : typeof given === 'number' ? String(given) : '';
  if (text.length > 100) return null; // bounds the backtracking below
  const match = /^([+-]?)0*(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return null;
  const [, sign, integer = '', fraction = ''] = match;
  if (integer.length > digits.integer || fraction.length > digits.fraction) return null;
  const magnitude = fraction === '' ? integer : `${integer}.${fraction}`;
  return sign === '-' && /[1-9]/.test(magnitude) ? `-${magnitude}` : magnitude;
}
