import { missing } from '../bulk/messages.js';
import { problem, type Problem } from '../errors.js';
import { checkDecimal } from './check-decimal.js';
import { rateScale } from './order-state.js';

/**
 * The rate from an order's currency to the owner's, as a whole number at scale 10 (A60). An order in the owner's own
 * currency has the rate 1, any other one must bring its rate; null and a problem where it does not.
 */
export function checkExchangeRate(
  given: string | null | undefined,
  currencies: { order: string; owner: string },
  problems: Problem[],
): bigint | null {
  const foreign = currencies.order !== currencies.owner;
  if (given == null) {
    if (!foreign) return one;
    problems.push(missing('exchangeRate'));
    return null;
  }
  const rate = checkDecimal('exchangeRate', given, { digits: 10, scale: rateScale }, problems);
  if (rate === null) return null;
  if (foreign ? rate > 0n : rate === one) return rate;
  const hint = foreign ? 'more than 0' : `1, for ${currencies.owner} is the owner's own currency`;
  problems.push(problem('INVALID', 'exchangeRate', `invalid exchangeRate (${hint})`));
  return null;
}

const one = 10n ** BigInt(rateScale);
