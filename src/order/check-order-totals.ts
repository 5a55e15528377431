import { missing } from '../bulk/messages.js';
import { problem, type Problem } from '../errors.js';
import { checkDecimal } from './check-decimal.js';
import { magnitude } from './exact-decimal.js';
import { OrderKind } from './order.entity.js';
import type { OrderInput } from './order.input.js';
import { amountScale } from './order-state.js';
import { totalsOfLines, type LineAmounts, type OrderTotals } from './order-totals.js';

const column = { digits: 14, scale: amountScale };

/**
 * The totals of an order: as sent, else what its lines give (G17, G18). Null, and why, where neither gives them.
 * The sign is that of the document: a credit note subtracts (A8). Where a total was sent, the one without VAT must not
 * be the larger one; lines of several VAT rates and both signs can rightly add up to that.
 *
 * @param lines null where there are none, or none fit to be reckoned: those are problems of their own
 */
export function checkOrderTotals(
  input: OrderInput,
  lines: LineAmounts[] | null,
  problems: Problem[],
): OrderTotals | null {
  const sent = {
    totalValue: input.totalValue == null ? null : checkDecimal('totalValue', input.totalValue, column, problems),
    totalValueExVat:
      input.totalValueExVat == null ? null : checkDecimal('totalValueExVat', input.totalValueExVat, column, problems),
  };
  const unread = names.some((name) => input[name] != null && sent[name] === null);
  const absent = names.filter((name) => input[name] == null);
  if (absent.length > 0 && lines === null) {
    if (!input.lines?.length) problems.push(...absent.map(missing));
    return null;
  }
  if (unread) return null;
  const reckoned = lines ? totalsOfLines(lines) : null;
  const totals = {
    totalValue: sent.totalValue ?? reckoned!.totalValue,
    totalValueExVat: sent.totalValueExVat ?? reckoned!.totalValueExVat,
  };
  const wrong = judgeTotals(totals, input.kind, absent.length < names.length);
  problems.push(...wrong);
  return wrong.length > 0 ? null : totals;
}

const names = ['totalValue', 'totalValueExVat'] as const;

function judgeTotals(totals: OrderTotals, kind: OrderKind, anySent: boolean): Problem[] {
  const credit = kind === OrderKind.CREDIT_NOTE;
  const problems = names.flatMap((name) => {
    const units = totals[name];
    if (magnitude(units) >= 10n ** BigInt(column.digits + column.scale))
      return [problem('OUT_OF_RANGE', name, `invalid ${name} (at most ${column.digits} digits before the dot)`)];
    if (credit ? units > 0n : units < 0n)
      return [
        problem('INVALID', name, `invalid ${name} (${credit ? 'zero or negative' : 'zero or positive'} for ${kind})`),
      ];
    return [];
  });
  if (problems.length === 0 && anySent && magnitude(totals.totalValueExVat) > magnitude(totals.totalValue))
    problems.push(problem('INVALID', 'totalValueExVat', 'invalid totalValueExVat (more than totalValue)'));
  return problems;
}
