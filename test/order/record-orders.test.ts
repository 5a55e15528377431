import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../hub.js';
import { deskOf, type Desk } from './recording.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const order = (number: string, given: object = {}) => ({
  customer: { code: 'A' },
  channel: 'ONLINE',
  kind: 'ONLINE_ORDER',
  number,
  paid: true,
  orderedAt: '2026-03-01T10:00:00Z',
  totalValue: '125.00',
  totalValueExVat: '100.00',
  ...given,
});
const desk = (codes = ['A', 'B'], input: object = {}): Promise<Desk> => deskOf(hub, 'Orders', codes, input);
const stored = (owner: { id: string }) =>
  hub.clone.sql(
    `SELECT o.*, (SELECT count(*)::int FROM order_line l WHERE l.owner_id = o.owner_id AND l.order_id = o.id) AS lines
     FROM customer_order o WHERE owner_id = $1 ORDER BY id`,
    [owner.id],
  );

describe('upsert by channel and number', () => {
  test('a new one is made, the same again changes nothing, another one replaces it', async () => {
    const { record, events, ids, snapshotOf } = await desk();
    const created = await record([order('1')]);
    expect(created).toMatchObject({
      dryRun: false,
      errors: [],
      userErrors: [],
      counts: { rows: 1, created: 1, updated: 0, unchanged: 0, rejected: 0 },
    });
    const [{ recordId } = { recordId: null }] = created.results;
    expect(created.results).toEqual([{ index: 1, number: '1', action: 'CREATE', customerId: ids.A, recordId }]);
    expect(recordId).toMatch(/^\d+$/);
    expect(await events()).toEqual(['A ORDER']);

    const same = await record([order('1', { totalValue: '125', currency: 'eur', exchangeRate: '1.0' })]);
    expect(same.results).toMatchObject([{ action: 'UNCHANGED', recordId }]);
    expect(await events()).toEqual([]);
    expect(await snapshotOf('A')).toMatchObject({ version: 2 });

    const updated = await record([order('1', { totalValue: '50', totalValueExVat: '40' })]);
    expect(updated.results).toMatchObject([{ action: 'UPDATE', recordId }]);
    expect(await events()).toEqual(['A ORDER']);
    expect(await snapshotOf('A')).toMatchObject({ version: 3, ordersTotalCount: 1, ordersTotalValue: '50.00' });
  });

  test('the two channels number apart', async () => {
    const { record, snapshotOf } = await desk();
    const { counts } = await record([order('1'), order('1', { channel: 'POS', kind: 'RECEIPT' })]);
    expect(counts).toMatchObject({ created: 2 });
    expect(await snapshotOf('A')).toMatchObject({ ordersTotalCount: 2 });
  });

  test('what is left out is its default, not what it was; lines go when none are sent', async () => {
    const { record, owner } = await desk();
    const lines = [{ description: 'Tea', quantity: '2', unitPrice: '62.50', vatRate: '25' }];
    await record([order('1', { status: 'PROCESSED', lines })]);
    expect(await stored(owner)).toMatchObject([{ status: 'PROCESSED', paid: true, lines: 1 }]);
    const { results } = await record([order('1', { paid: undefined })]);
    expect(results).toMatchObject([{ action: 'UPDATE' }]);
    expect(await stored(owner)).toMatchObject([{ status: 'UNPROCESSED', paid: false, lines: 0 }]);
  });

  test('lines alone differ: an update, and the old ones are replaced', async () => {
    const { record, owner } = await desk();
    const line = { quantity: '1', unitPrice: '125', vatRate: '25' };
    await record([order('1', { lines: [line, line] })]);
    expect((await record([order('1', { lines: [line, line] })])).results).toMatchObject([{ action: 'UNCHANGED' }]);
    expect((await record([order('1', { lines: [{ ...line, vatRate: '24' }] })])).results).toMatchObject([
      { action: 'UPDATE' },
    ]);
    expect(await stored(owner)).toMatchObject([{ lines: 1 }]);
  });

  test('a moved order is an event of both customers', async () => {
    const { record, events, snapshotOf } = await desk();
    await record([order('1')]);
    await events();
    const { results } = await record([order('1', { customer: { code: 'B' } })]);
    expect(results).toMatchObject([{ action: 'UPDATE' }]);
    expect((await events()).sort()).toEqual(['A ORDER', 'B ORDER']);
    expect(await snapshotOf('A')).toMatchObject({ ordersTotalCount: 0, ordersTotalValue: '0.00' });
    expect(await snapshotOf('B')).toMatchObject({ ordersTotalCount: 1, ordersTotalValue: '125.00' });
  });
});

describe('what counts', () => {
  test('G16: POS documents always, online orders when paid and not cancelled', async () => {
    const { record, snapshotOf } = await desk();
    await record([
      order('1'),
      order('2', { paid: false }),
      order('3', { status: 'CANCELLED' }),
      order('4', { channel: 'POS', kind: 'RECEIPT', paid: false }),
      order('5', { channel: 'POS', kind: 'INVOICE', status: 'CANCELLED', paid: false }),
    ]);
    expect(await snapshotOf('A')).toMatchObject({
      ordersTotalCount: 3,
      ordersTotalValue: '375.00',
      ordersTotalValueExVat: '300.00',
    });
    await record([order('3'), order('1', { status: 'CANCELLED' })]);
    expect(await snapshotOf('A')).toMatchObject({ ordersTotalCount: 3, ordersTotalValue: '375.00' });
  });

  test('A7: POS documents give no last order date', async () => {
    const { record, snapshotOf } = await desk();
    await record([order('1', { channel: 'POS', kind: 'RECEIPT' })]);
    expect(await snapshotOf('A')).toMatchObject({ ordersTotalCount: 1, ordersLastDate: null });
    await record([order('1', { orderedAt: '2026-02-03T12:00:00Z' })]);
    expect(await snapshotOf('A')).toMatchObject({ ordersTotalCount: 2, ordersLastDate: '2026-02-03' });
  });

  test('A8: a credit note counts, and subtracts', async () => {
    const { record, snapshotOf } = await desk();
    await record([
      order('1', { channel: 'POS', kind: 'INVOICE' }),
      order('2', { channel: 'POS', kind: 'CREDIT_NOTE', totalValue: '-25.00', totalValueExVat: '-20.00' }),
    ]);
    expect(await snapshotOf('A')).toMatchObject({
      ordersTotalCount: 2,
      ordersTotalValue: '100.00',
      ordersTotalValueExVat: '80.00',
    });
  });

  test('G17, G18: sums are exact, 0.1 + 0.2 and cents beside billions included', async () => {
    const { record, snapshotOf } = await desk();
    await record([
      order('1', { totalValue: '0.1', totalValueExVat: '0.1' }),
      order('2', { totalValue: '0.2', totalValueExVat: '0.2' }),
      order('3', { totalValue: '99999999999.99', totalValueExVat: '0' }),
    ]);
    expect(await snapshotOf('A')).toMatchObject({ ordersTotalValue: '100000000000.29', ordersTotalValueExVat: '0.30' });
  });

  test("A60: totals are in the owner's currency, by the rate that came with the order", async () => {
    const { record, snapshotOf } = await desk(['A'], { currency: 'DKK' });
    const { errors, counts } = await record([
      order('1'),
      order('2', { currency: 'EUR' }),
      order('3', { currency: 'eur', exchangeRate: '7.4604' }),
    ]);
    expect(counts).toMatchObject({ created: 2, rejected: 1 });
    expect(errors).toEqual([
      { index: 2, errors: ['missing exchangeRate'], details: [{ code: 'REQUIRED', field: 'exchangeRate' }] },
    ]);
    expect(await snapshotOf('A')).toMatchObject({ ordersTotalValue: '1057.55', ordersTotalValueExVat: '846.04' });
  });

  test('amounts at the limit are summed, not refused by the database', async () => {
    const { record, snapshotOf } = await desk();
    const limit = { totalValue: '99999999999999.9999', totalValueExVat: '99999999999999.9999' };
    const { counts } = await record(Array.from({ length: 200 }, (_, i) => order(String(i), limit)));
    expect(counts).toMatchObject({ created: 200 });
    expect(await snapshotOf('A')).toMatchObject({ ordersTotalValue: '20000000000000000.00' });
  });
});

describe('the batch', () => {
  test('A15: nothing that is wrong with one row touches another, and all problems are told', async () => {
    const { record, ids, events } = await desk();
    const { results, errors, counts } = await record([
      order('1', { customer: { code: 'nobody' }, totalValue: '-1' }),
      order('2'),
      order('3', { channel: 'POS' }),
      order('4', { customer: { id: ids.B } }),
    ]);
    expect(results.map(({ index, action, customerId }) => [index, action, customerId])).toEqual([
      [1, 'REJECT', null],
      [2, 'CREATE', ids.A],
      [3, 'REJECT', ids.A],
      [4, 'CREATE', ids.B],
    ]);
    expect(errors.map(({ index, details }) => [index, details.map(({ code, field }) => `${code} ${field}`)])).toEqual([
      [1, ['NOT_FOUND customer', 'INVALID totalValue']],
      [3, ['INVALID kind']],
    ]);
    expect(counts).toEqual({ rows: 4, created: 2, updated: 0, unchanged: 0, rejected: 2 });
    expect((await events()).sort()).toEqual(['A ORDER', 'B ORDER']);
  });

  test('one event for a customer, however many orders', async () => {
    const { record, events, snapshotOf } = await desk();
    await record(['1', '2', '3'].map((number) => order(number)));
    expect(await events()).toEqual(['A ORDER']);
    expect(await snapshotOf('A')).toMatchObject({ version: 2 });
  });

  test('a number sent twice: the first good row wins, a rejected one does not occupy it', async () => {
    const { record } = await desk();
    const { results, errors } = await record([order('1', { totalValue: '-1' }), order('1'), order('1')]);
    expect(results.map(({ action }) => action)).toEqual(['REJECT', 'CREATE', 'REJECT']);
    expect(errors[1]).toEqual({
      index: 3,
      errors: ['invalid number (sent twice)'],
      details: [{ code: 'DUPLICATE_IN_INPUT', field: 'number' }],
    });
  });

  test('REJECT_EVERYTHING: one bad row and nothing is written', async () => {
    const { record, owner, events } = await desk();
    const { results, errors, counts } = await record([order('1'), order('2', { totalValue: null })], {
      errorPolicy: 'REJECT_EVERYTHING',
    });
    expect(results.map(({ action, recordId }) => [action, recordId])).toEqual([
      ['REJECT', null],
      ['REJECT', null],
    ]);
    expect(errors.map(({ index }) => index)).toEqual([2]);
    expect(counts).toMatchObject({ created: 0, rejected: 2 });
    expect(await stored(owner)).toEqual([]);
    expect(await events()).toEqual([]);
    const good = await record([order('1'), order('2')], { errorPolicy: 'REJECT_EVERYTHING' });
    expect(good.counts).toMatchObject({ created: 2 });
  });

  test('A57: a dry run tells all and leaves nothing', async () => {
    const { record, owner, events, snapshotOf } = await desk();
    await record([order('1'), order('2')]);
    await events();
    const dry = await record([order('1', { paid: false }), order('2'), order('3'), order('4', { totalValue: '-1' })], {
      dryRun: true,
      idempotencyKey: 'dry',
    });
    expect(dry.dryRun).toBe(true);
    expect(dry.results.map(({ action, recordId }) => [action, recordId === null])).toEqual([
      ['UPDATE', false],
      ['UNCHANGED', false],
      ['CREATE', true],
      ['REJECT', true],
    ]);
    expect(await stored(owner)).toMatchObject([{ number: '1', paid: true }, { number: '2' }]);
    expect(await events()).toEqual([]);
    expect(await snapshotOf('A')).toMatchObject({ version: 2, ordersTotalCount: 2 });
    expect(await hub.clone.sql('SELECT FROM idempotency WHERE owner_id = $1', [owner.id])).toEqual([]);
  });

  test('an idempotency key gives the first answer again, and refuses other rows', async () => {
    const { record, events } = await desk();
    const first = await record([order('1')], { idempotencyKey: 'k1' });
    expect(await events()).toEqual(['A ORDER']);
    expect(await record([order('1')], { idempotencyKey: 'k1' })).toEqual(first);
    expect(await events()).toEqual([]);
    const other = await record([order('2')], { idempotencyKey: 'k1' });
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED', field: 'idempotencyKey' }]);
    expect(other).toMatchObject({ results: [], counts: { rows: 1, created: 0, rejected: 1 } });
  });

  test('no rows, and 10,001', async () => {
    const { record, owner } = await desk();
    expect((await record([])).userErrors).toMatchObject([{ code: 'REQUIRED', field: 'orders' }]);
    const { userErrors, counts } = await record(Array.from({ length: 10_001 }, (_, i) => order(String(i))));
    expect(userErrors).toMatchObject([{ code: 'LIMIT_EXCEEDED', field: 'orders' }]);
    expect(counts).toMatchObject({ rows: 10_001, rejected: 10_001 });
    expect(await stored(owner)).toEqual([]);
  });

  test('A44: an order of an excluded customer is refused without its id', async () => {
    const { record, owner, ids } = await desk();
    await owner.gql(
      'mutation ($id: ID) { setCustomerExcluded(customer: { id: $id }, excluded: true) { userErrors { code } } }',
      { id: ids.A },
    );
    const { results, errors } = await record([order('1')]);
    expect(results).toMatchObject([{ action: 'REJECT', customerId: null }]);
    expect(errors).toMatchObject([{ details: [{ code: 'EXCLUDED', field: 'customer' }] }]);
  });

  test('a key without orders:write is refused, and so is one of another owner', async () => {
    const { owner } = await desk();
    const mutation = 'mutation ($input: RecordOrdersInput!) { recordOrders(input: $input) { counts { rows } } }';
    const input = { ownerCode: owner.code, orders: [order('1')] };
    const reader = await owner.newKey(['customers:read', 'bookings:write']);
    const other = await desk();
    for (const key of [reader, other.owner.key]) {
      const { errors } = await hub.request(mutation, { input }, { key });
      expect(errors?.map((error) => error.extensions.code)).toEqual(['FORBIDDEN']);
    }
    expect(await stored(owner)).toEqual([]);
  });
});

describe('at the same time', () => {
  test('batches over the same customers in opposite orders all succeed', async () => {
    const codes = Array.from({ length: 40 }, (_, i) => `C${i}`);
    const { record, snapshotOf } = await desk(codes);
    const batch = (name: string, order_: string[]) =>
      record(order_.map((code) => order(`${name}-${code}`, { customer: { code } })));
    const reversed = codes.toReversed();
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) => batch(name, i % 2 === 0 ? codes : reversed)),
    );
    expect(answers.map(({ counts }) => counts.created)).toEqual(Array(6).fill(40));
    expect(await snapshotOf('C7')).toMatchObject({ ordersTotalCount: 6, version: 7 });
  });

  test('the same numbers from several sides: each is made once, whoever comes first', async () => {
    const { record, snapshotOf, owner } = await desk();
    const numbers = Array.from({ length: 30 }, (_, i) => String(i));
    const same = (list: string[]) => record(list.map((number) => order(number)));
    const answers = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((i) => same(i % 2 === 0 ? numbers : numbers.toReversed())),
    );
    expect(answers.reduce((sum, { counts }) => sum + counts.created, 0)).toBe(30);
    expect(answers.reduce((sum, { counts }) => sum + counts.unchanged, 0)).toBe(150);
    expect(await snapshotOf('A')).toMatchObject({ ordersTotalCount: 30, version: 2 });
    expect(await stored(owner)).toHaveLength(30);
  });

  test('the same numbers for other customers, so that only the number is in the way', async () => {
    const { record, owner } = await desk(['A', 'B', 'C']);
    const numbers = Array.from({ length: 20 }, (_, i) => String(i));
    const answers = await Promise.all(
      ['A', 'B', 'C'].map((code, i) =>
        record((i === 1 ? numbers.toReversed() : numbers).map((number) => order(number, { customer: { code } }))),
      ),
    );
    expect(answers.flatMap(({ errors, userErrors }) => [...errors, ...userErrors])).toEqual([]);
    expect(answers.reduce((sum, { counts }) => sum + counts.created, 0)).toBe(20);
    expect(new Set((await stored(owner)).map((row) => (row as { customer_id: string }).customer_id)).size).toBe(1);
  });
});

describe('Customer.orders', () => {
  const query = `query ($first: Int, $after: String) { customer(by: { code: "A" }) { orders(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { number totalValue exchangeRate
      lines { line description quantity unitPrice vatRate } } } } }`;
  type Page = {
    customer: {
      orders: { totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string }; nodes: object[] };
    };
  };

  test('pages with their lines, exact', async () => {
    const { record, owner } = await desk();
    const lines = [{ description: 'Te "grøn"', quantity: '2', unitPrice: '62.5', vatRate: '25' }];
    await record([order('1', { lines }), order('2'), order('3'), order('x', { customer: { code: 'B' } })]);
    const { customer } = await owner.gql<Page>(query, { first: 2 });
    expect(customer.orders).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    expect(customer.orders.nodes).toEqual([
      {
        number: '1',
        totalValue: '125.0000',
        exchangeRate: '1.0000000000',
        lines: [{ line: 1, description: 'Te "grøn"', quantity: '2.0000', unitPrice: '62.5000', vatRate: '25.0000' }],
      },
      expect.objectContaining({ number: '2', lines: [] }),
    ]);
    const rest = await owner.gql<Page>(query, { first: 2, after: customer.orders.pageInfo.endCursor });
    expect(rest.customer.orders).toMatchObject({
      totalCount: 3,
      pageInfo: { hasNextPage: false },
      nodes: [{ number: '3' }],
    });
  });
});
