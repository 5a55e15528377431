import { text, textAs } from '../bulk/field-checks.js';
import { checkMoment, optional, required } from '../bulk/record-checks.js';
import type { RowToRecord } from '../bulk/record-rows.js';
import { problem, type Problem } from '../errors.js';
import { canonicalCurrency } from '../format/currency.js';
import { storableEcho } from '../format/text.js';
import { checkExchangeRate } from './check-exchange-rate.js';
import { checkOrderLines } from './check-order-lines.js';
import { checkOrderTotals } from './check-order-totals.js';
import { fixed, magnitude } from './exact-decimal.js';
import { OrderChannel, OrderKind, OrderStatus } from './order.entity.js';
import type { OrderInput } from './order.input.js';
import { amountScale, rateScale, type OrderState } from './order-state.js';

/**
 * Judges one order by itself and gives what is to be recorded: all defaults filled in, all decimals exact. All problems
 * are told at once (G16–G18, A8, A60). What it is worth in the owner's currency must have at most 14 digits, as every
 * amount, so that no sum over a customer's orders overflows.
 */
export function checkOrder(input: OrderInput, ownerCurrency: string): RowToRecord<OrderState> {
  const problems: Problem[] = [];
  const number = required('number', input.number, numberCheck, problems);
  checkKind(input, problems);
  checkMoment('orderedAt', input.orderedAt, problems);
  const money = checkMoney(input, ownerCurrency, problems);
  const answer = { customer: input.customer, number: number ?? storableEcho(input.number), problems };
  if (number === null || money === null || problems.length > 0) return { ...answer, row: null };
  const row = {
    channel: input.channel,
    kind: input.kind,
    number,
    status: input.status ?? OrderStatus.UNPROCESSED,
    paid: input.paid ?? false,
    orderedAt: input.orderedAt,
    ...money,
  };
  return { ...answer, row };
}

const numberCheck = text(64);
const currencyCheck = textAs(3, canonicalCurrency);

function checkKind({ channel, kind }: OrderInput, problems: Problem[]): void {
  if (channel === OrderChannel.POS && kind === OrderKind.ONLINE_ORDER)
    problems.push(problem('INVALID', 'kind', 'invalid kind (an ONLINE_ORDER is of the channel ONLINE)'));
}

type Money = Pick<OrderState, 'currency' | 'exchangeRate' | 'totalValue' | 'totalValueExVat' | 'lines'>;

function checkMoney(input: OrderInput, ownerCurrency: string, problems: Problem[]): Money | null {
  const before = problems.length;
  const given = optional('currency', input.currency, currencyCheck, problems);
  const currency = given ?? ownerCurrency;
  const unread = problems.length > before;
  const rate = unread
    ? null
    : checkExchangeRate(input.exchangeRate, { order: currency, owner: ownerCurrency }, problems);
  const lines = input.lines?.length ? checkOrderLines(input.lines, problems) : null;
  const totals = checkOrderTotals(input, lines?.amounts ?? null, problems);
  if (rate === null || totals === null) return null;
  if (
    magnitude(totals.totalValue) * rate >= mostInOwnersCurrency ||
    magnitude(totals.totalValueExVat) * rate >= mostInOwnersCurrency
  )
    problems.push(
      problem('OUT_OF_RANGE', 'exchangeRate', `invalid exchangeRate (more than 14 digits of ${ownerCurrency})`),
    );
  return {
    currency,
    exchangeRate: fixed(rate, rateScale),
    totalValue: fixed(totals.totalValue, amountScale),
    totalValueExVat: fixed(totals.totalValueExVat, amountScale),
    lines: lines?.states ?? [],
  };
}

const mostInOwnersCurrency = 10n ** BigInt(14 + amountScale + rateScale);
