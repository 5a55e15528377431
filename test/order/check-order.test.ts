import { describe, expect, test } from 'vitest';
import { checkOrder } from '../../src/order/check-order.js';
import { OrderChannel, OrderKind, OrderStatus } from '../../src/order/order.entity.js';
import type { OrderInput } from '../../src/order/order.input.js';

const order = (given: Partial<OrderInput> = {}): OrderInput => ({
  customer: { code: 'A' },
  channel: OrderChannel.ONLINE,
  kind: OrderKind.ONLINE_ORDER,
  number: '1001',
  orderedAt: new Date('2026-03-01T10:00:00Z'),
  totalValue: '125.00',
  totalValueExVat: '100',
  ...given,
});
const without = { totalValue: null, totalValueExVat: null };
const line = { description: 'Tea', quantity: '2', unitPrice: '62.50', vatRate: '25' };
const messages = (given: Partial<OrderInput>, currency = 'DKK') =>
  checkOrder(order(given), currency).problems.map((p) => p.message);
const codes = (given: Partial<OrderInput>) =>
  checkOrder(order(given), 'DKK').problems.map((p) => `${p.code} ${p.field}`);

describe('a good order', () => {
  test('has its defaults, canonical codes and all decimals', () => {
    const { row, problems } = checkOrder(order({ number: ' 1001 ', currency: 'dkk', lines: [line] }), 'DKK');
    expect(problems).toEqual([]);
    expect(row).toEqual({
      channel: 'ONLINE',
      kind: 'ONLINE_ORDER',
      number: '1001',
      status: OrderStatus.UNPROCESSED,
      paid: false,
      orderedAt: new Date('2026-03-01T10:00:00Z'),
      currency: 'DKK',
      exchangeRate: '1.0000000000',
      totalValue: '125.0000',
      totalValueExVat: '100.0000',
      lines: [{ description: 'Tea', quantity: '2.0000', unitPrice: '62.5000', vatRate: '25.0000' }],
    });
  });

  test('may have lines in place of totals, or of one of them', () => {
    expect(checkOrder(order({ ...without, lines: [line] }), 'DKK').row).toMatchObject({
      totalValue: '125.0000',
      totalValueExVat: '100.0000',
    });
    const { row } = checkOrder(order({ totalValueExVat: null, totalValue: '120', lines: [line] }), 'DKK');
    expect(row).toMatchObject({ totalValue: '120.0000', totalValueExVat: '100.0000' });
  });

  test('totals beside lines are what counts', () => {
    expect(checkOrder(order({ totalValue: '110', totalValueExVat: '88', lines: [line] }), 'DKK').row).toMatchObject({
      totalValue: '110.0000',
      totalValueExVat: '88.0000',
    });
  });

  test('lines of several rates and signs may be worth more without VAT than with it', () => {
    const lines = [
      { quantity: '1', unitPrice: '100', vatRate: '0' },
      { quantity: '-1', unitPrice: '50', vatRate: '25' },
    ];
    expect(checkOrder(order({ ...without, lines }), 'DKK').row).toMatchObject({
      totalValue: '50.0000',
      totalValueExVat: '60.0000',
    });
  });

  test('a description may have several lines', () => {
    const { row } = checkOrder(order({ lines: [{ ...line, description: ' a\r\n\tb ' }] }), 'DKK');
    expect(row?.lines[0]?.description).toBe('a\r\n\tb');
  });
});

describe('A60: currencies', () => {
  test("another currency than the owner's must bring its rate", () => {
    expect(messages({ currency: 'EUR' })).toEqual(['missing exchangeRate']);
    expect(checkOrder(order({ currency: 'eur', exchangeRate: '7.4604' }), 'DKK').row).toMatchObject({
      currency: 'EUR',
      exchangeRate: '7.4604000000',
    });
  });

  test("a rate is more than zero, and 1 for the owner's own currency", () => {
    expect(messages({ currency: 'EUR', exchangeRate: '0' })).toEqual(['invalid exchangeRate (more than 0)']);
    expect(messages({ currency: 'EUR', exchangeRate: '-1' })).toEqual(['invalid exchangeRate (more than 0)']);
    expect(messages({ exchangeRate: '1.00' })).toEqual([]);
    expect(messages({ exchangeRate: '1.01' })).toEqual([
      "invalid exchangeRate (1, for DKK is the owner's own currency)",
    ]);
  });

  test('a currency that is none says only that', () => {
    expect(messages({ currency: 'ZZZ' })).toEqual(['invalid currency']);
    expect(messages({ currency: 'EURO' })).toEqual(['invalid currency']);
  });

  test("what it is worth in the owner's currency fits every sum", () => {
    const large = { totalValue: '99999999999999.99', totalValueExVat: '0', currency: 'EUR' };
    expect(codes({ ...large, exchangeRate: '1.1' })).toEqual(['OUT_OF_RANGE exchangeRate']);
    expect(codes({ ...large, exchangeRate: '1' })).toEqual([]);
    expect(
      codes({ totalValue: '1', totalValueExVat: '1', currency: 'EUR', exchangeRate: '9999999999.9999999999' }),
    ).toEqual([]);
  });
});

describe("A8: the sign is the document's", () => {
  const credit = { channel: OrderChannel.POS, kind: OrderKind.CREDIT_NOTE };

  test('a credit note is zero or negative', () => {
    expect(codes({ ...credit, totalValue: '-10', totalValueExVat: '-8' })).toEqual([]);
    expect(codes({ ...credit, totalValue: '0', totalValueExVat: '0.00' })).toEqual([]);
    expect(codes({ ...credit, totalValue: '10', totalValueExVat: '8' })).toEqual([
      'INVALID totalValue',
      'INVALID totalValueExVat',
    ]);
    expect(messages({ ...credit, totalValue: '0.01', totalValueExVat: '0' })).toEqual([
      'invalid totalValue (zero or negative for CREDIT_NOTE)',
    ]);
  });

  test('anything else is zero or positive', () => {
    for (const kind of [OrderKind.RECEIPT, OrderKind.INVOICE, OrderKind.ONLINE_ORDER])
      expect(codes({ kind, totalValue: '-1', totalValueExVat: '0' })).toEqual(['INVALID totalValue']);
  });

  test('without VAT it is not worth more than with it', () => {
    expect(codes({ totalValue: '100', totalValueExVat: '100.01' })).toEqual(['INVALID totalValueExVat']);
    expect(codes({ ...credit, totalValue: '-100', totalValueExVat: '-100.01' })).toEqual(['INVALID totalValueExVat']);
  });
});

describe('what is refused', () => {
  test('all problems are told at once, by their fields', () => {
    const given = order({
      channel: OrderChannel.POS,
      number: ' ',
      orderedAt: new Date('1899-12-31T23:59:59Z'),
      currency: 'EUR',
      totalValueExVat: null,
      lines: [
        { quantity: '1.00001', unitPrice: '1', vatRate: '100.0001' },
        { quantity: '1', unitPrice: '100000000000000', vatRate: '-1', description: 'x'.repeat(501) },
      ],
    });
    expect(checkOrder(given, 'DKK')).toMatchObject({ row: null, number: ' ' });
    expect(checkOrder(given, 'DKK').problems.map((p) => `${p.code} ${p.field}`)).toEqual([
      'REQUIRED number',
      'INVALID kind',
      'OUT_OF_RANGE orderedAt',
      'REQUIRED exchangeRate',
      'INVALID lines.0.quantity',
      'OUT_OF_RANGE lines.0.vatRate',
      'TOO_LONG lines.1.description',
      'OUT_OF_RANGE lines.1.unitPrice',
      'OUT_OF_RANGE lines.1.vatRate',
    ]);
  });

  test('no totals and no lines', () => {
    expect(messages(without)).toEqual(['missing totalValue', 'missing totalValueExVat']);
    expect(messages({ ...without, lines: [] })).toEqual(['missing totalValue', 'missing totalValueExVat']);
    expect(messages({ totalValueExVat: null })).toEqual(['missing totalValueExVat']);
  });

  test.each([
    ['x'.repeat(64), []],
    ['x'.repeat(65), ['TOO_LONG number']],
    ['æ🙂'.repeat(32), []],
    ['a\0b', ['INVALID number']],
    ['a\ud800', ['INVALID number']],
  ])('number %j', (number, expected) => {
    expect(codes({ number })).toEqual(expected);
  });

  test('a number that cannot be stored is answered as one that can', () => {
    expect(checkOrder(order({ number: 'a\0b' }), 'DKK').number).toBe('a\uFFFDb');
  });

  test.each([
    ['1900-01-01T00:00:00Z', []],
    ['2200-12-31T23:59:59Z', []],
    ['2201-01-01T00:00:00Z', ['OUT_OF_RANGE orderedAt']],
    ['no date', ['OUT_OF_RANGE orderedAt']],
  ])('orderedAt %s', (text, expected) => {
    expect(codes({ orderedAt: new Date(text) })).toEqual(expected);
  });

  test.each([
    [{ totalValue: '99999999999999.9999', totalValueExVat: '0' }, []],
    [{ totalValue: '100000000000000' }, ['OUT_OF_RANGE totalValue']],
    [{ totalValue: '1.00001' }, ['INVALID totalValue']],
    [
      { ...without, lines: [{ ...line, quantity: '9999999999', unitPrice: '99999999999999' }] },
      ['OUT_OF_RANGE totalValue', 'OUT_OF_RANGE totalValueExVat'],
    ],
    [{ exchangeRate: '10000000000', currency: 'EUR' }, ['OUT_OF_RANGE exchangeRate']],
    [{ exchangeRate: '0.00000000001', currency: 'EUR' }, ['INVALID exchangeRate']],
    [{ lines: [{ ...line, quantity: '9999999999.9999' }] }, []],
    [{ lines: [{ ...line, quantity: '10000000000' }] }, ['OUT_OF_RANGE lines.0.quantity']],
    [{ lines: [{ ...line, vatRate: '100' }] }, []],
    [{ lines: Array.from({ length: 1000 }, () => line) }, []],
    [{ lines: Array.from({ length: 1001 }, () => line) }, ['LIMIT_EXCEEDED lines']],
  ])('numbers beyond their columns: %#', (given, expected) => {
    expect(codes(given)).toEqual(expected);
  });

  test('a POS document is no online order', () => {
    expect(codes({ channel: OrderChannel.POS })).toEqual(['INVALID kind']);
    expect(codes({ channel: OrderChannel.ONLINE, kind: OrderKind.INVOICE })).toEqual([]);
  });
});
