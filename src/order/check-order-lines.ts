import { Fault, text, type Check } from '../bulk/field-checks.js';
import { optional } from '../bulk/record-checks.js';
import { problem, type Problem } from '../errors.js';
import { checkDecimal } from './check-decimal.js';
import { fixed } from './exact-decimal.js';
import type { OrderLineInput } from './order.input.js';
import { amountScale, type LineState } from './order-state.js';
import type { LineAmounts } from './order-totals.js';

const mostLines = 1_000;

/** The lines of an order as they are stored and as they are reckoned; null, and all their problems, for unfit ones. */
export function checkOrderLines(
  given: readonly OrderLineInput[],
  problems: Problem[],
): { states: LineState[]; amounts: LineAmounts[] } | null {
  if (given.length > mostLines) {
    problems.push(problem('LIMIT_EXCEEDED', 'lines', 'invalid lines (at most 1,000)'));
    return null;
  }
  const before = problems.length;
  const states: LineState[] = [];
  const amounts: LineAmounts[] = [];
  given.forEach((line, i) => {
    const description = optional(`lines.${i}.description`, line.description, lineText, problems);
    const quantity = checkDecimal(`lines.${i}.quantity`, line.quantity, { digits: 10, scale: amountScale }, problems);
    const unitPrice = checkDecimal(
      `lines.${i}.unitPrice`,
      line.unitPrice,
      { digits: 14, scale: amountScale },
      problems,
    );
    const vatRate = checkVatRate(`lines.${i}.vatRate`, line.vatRate, problems);
    if (quantity === null || unitPrice === null || vatRate === null) return;
    amounts.push({ quantity, unitPrice, vatRate });
    states.push({
      description,
      quantity: fixed(quantity, amountScale),
      unitPrice: fixed(unitPrice, amountScale),
      vatRate: fixed(vatRate, amountScale),
    });
  });
  return problems.length === before ? { states, amounts } : null;
}

/** A description may have more than one line; its other control characters are refused as in any text. */
const lineText: Check<string> = (given) => {
  const judged = typeof given === 'string' ? text(500)(given.trim().replace(/[\t\r\n]/g, ' ')) : text(500)(given);
  return judged instanceof Fault ? judged : (given as string).trim();
};

function checkVatRate(field: string, given: string, problems: Problem[]): bigint | null {
  const rate = checkDecimal(field, given, { digits: 3, scale: amountScale }, problems);
  if (rate === null || (rate >= 0n && rate <= hundred)) return rate;
  problems.push(problem('OUT_OF_RANGE', field, `invalid ${field} (0 to 100)`));
  return null;
}

const hundred = 100n * 10n ** BigInt(amountScale);
