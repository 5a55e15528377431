import type { Order } from './order.entity.js';
import type { OrderLine } from './order-line.entity.js';

/** What an order says: all that a call replaces. Decimals are texts with all the decimals of their columns. */
export type OrderState = Pick<
  Order,
  | 'channel'
  | 'kind'
  | 'number'
  | 'status'
  | 'paid'
  | 'orderedAt'
  | 'currency'
  | 'exchangeRate'
  | 'totalValue'
  | 'totalValueExVat'
> & { lines: LineState[] };

export type LineState = Pick<OrderLine, 'description' | 'quantity' | 'unitPrice' | 'vatRate'>;

/** Decimals of the columns: amounts, quantities and VAT rates have four. */
export const amountScale = 4;
export const rateScale = 10;

/** What an order is known by (G16: POS documents and online orders are numbered apart). */
export const orderKey = ({ channel, number }: Pick<OrderState, 'channel' | 'number'>): string => `${channel} ${number}`;

export function isSameOrder(a: OrderState, b: OrderState): boolean {
  return textOf(a) === textOf(b) && haveSameLines(a, b);
}

export const haveSameLines = (a: OrderState, b: OrderState): boolean => linesText(a) === linesText(b);

const textOf = (order: OrderState): string =>
  JSON.stringify([
    order.channel,
    order.kind,
    order.number,
    order.status,
    order.paid,
    order.orderedAt.getTime(),
    order.currency,
    order.exchangeRate,
    order.totalValue,
    order.totalValueExVat,
  ]);

const linesText = ({ lines }: OrderState): string =>
  JSON.stringify(
    lines.map(({ description, quantity, unitPrice, vatRate }) => [description, quantity, unitPrice, vatRate]),
  );
