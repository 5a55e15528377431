import { problem, type Problem } from '../errors.js';
import { magnitude, scaled } from './exact-decimal.js';

/**
 * Reads a decimal as a whole number of its smallest unit, as far as its column holds it; null and a problem for more
 * digits than that. So PostgreSQL never has to round or to refuse.
 */
export function checkDecimal(
  field: string,
  text: string,
  column: { digits: number; scale: number },
  problems: Problem[],
): bigint | null {
  const units = scaled(text, column.scale);
  if (units === null) problems.push(problem('INVALID', field, `invalid ${field} (at most ${column.scale} decimals)`));
  else if (magnitude(units) < 10n ** BigInt(column.digits + column.scale)) return units;
  else
    problems.push(problem('OUT_OF_RANGE', field, `invalid ${field} (at most ${column.digits} digits before the dot)`));
  return null;
}
