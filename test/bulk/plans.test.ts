import { afterEach, describe, expect, test } from 'vitest';
import { applyRows, type ApplyRows } from '../../src/bulk/apply-rows.js';
import { checkCustomerRow } from '../../src/bulk/rules.js';
import { recordBookings } from '../../src/booking/record-bookings.js';
import { recordOrders } from '../../src/order/record-orders.js';
import type { OrderInput } from '../../src/order/order.input.js';
import type { BookingInput } from '../../src/booking/booking.input.js';
import { createOwner } from '../../src/owner/owners.js';
import { write, type Write } from '../../src/write.js';
import { cloneDatabase } from '../database-clone.js';
import { randomCode, startTestHub, type TestHub } from '../hub.js';
import { followPlans, tellPlans } from './plan-work.js';
import type { Row } from './rows.js';

/** Tables of one owner grow in one call from nothing: what PostgreSQL expects of them comes from before. */
let hub: TestHub;
afterEach(async () => {
  await hub.stop();
  await hub.clone.drop();
});

const customerRow = (n: number, changes: Row = {}): Row => ({
  ...{ code: `C${n}`, name: `Customer ${n}`, country: 'DK', mobile: '20304050', tags: ['T1', `T${n % 500}`] },
  ...{ externalReferences: [{ system: '6', identifier: `w${n}` }], acceptsMarketingEmail: true },
  ...changes,
});
const customers = (count: number, changes: Row = {}) =>
  Array.from({ length: count }, (_, n) => customerRow(n, changes));
const orders = (count: number, status: string) =>
  Array.from({ length: count }, (_, n) => ({
    ...{ customer: { code: `C${n}` }, channel: 'ONLINE', kind: 'ONLINE_ORDER', number: `N${n}`, status, paid: true },
    orderedAt: new Date('2026-01-01T00:00:00Z'),
    lines: [1, 2].map((quantity) => ({ description: 'x', quantity: String(quantity), unitPrice: '8', vatRate: '25' })),
  })) as unknown as OrderInput[];
const bookings = (count: number, service: string) =>
  Array.from({ length: count }, (_, n) => ({
    ...{ customer: { code: `C${n}` }, number: `B${n}`, service, status: 'BOOKED' },
    ...{ startsAt: new Date('2026-05-01T10:00:00Z'), endsAt: new Date('2026-05-01T11:00:00Z') },
  })) as unknown as BookingInput[];

const options = (): ApplyRows => ({
  ...{ profile: 'STANDARD', names: 'graphql', onExisting: 'update', allOrNothing: false, detail: false },
  ...{ showExcluded: false, consentSource: 'test', secret: hub.hub.secret },
});
const call = { dryRun: false, allOrNothing: false, idempotencyKey: null, showExcluded: false };
const upsert = (rows: Row[]) => (tx: Write) =>
  applyRows(
    tx,
    rows.map((row) => checkCustomerRow(row, 'STANDARD', 'graphql')),
    options(),
  );

const newOwner = async () => (await hub.hub.db.asSystem((sql) => createOwner(sql, { code: randomCode() }))).id;

/** What a write has read of each table, checks of foreign keys included. */
async function rowsRead(ownerId: string, work: (tx: Write) => Promise<unknown>): Promise<Record<string, number>> {
  return write(hub.hub, { ownerId, origin: 'test' }, async (tx) => {
    const soFar = async () => {
      const rows = await tx.rows<{ table: string; read: string }>(
        `SELECT relname AS table, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) AS read FROM pg_stat_xact_user_tables
         WHERE relname NOT IN ('external_system', 'owner')`, // small ones, which calls do not make grow
      );
      return new Map(rows.map(({ table, read }) => [table, Number(read)]));
    };
    const before = await soFar();
    await work(tx);
    await tx.finish();
    return Object.fromEntries([...(await soFar())].map(([table, read]) => [table, read - (before.get(table) ?? 0)]));
  });
}

/** Calls about so many rows; before them, a few small ones leave their plans with the connections. */
async function readsOfCalls(count: number): Promise<Record<string, Record<string, number>>> {
  const small = await newOwner();
  for (let n = 0; n < 8; n++) {
    await rowsRead(small, upsert([customerRow(n, { tags: [`S${n}`] })]));
    await rowsRead(small, (tx) => recordOrders(tx, orders(n + 1, 'UNPROCESSED'), call));
    await rowsRead(small, (tx) => recordBookings(tx, bookings(n + 1, 'Cut'), call));
  }
  const ownerId = await newOwner();
  const changed = [...customers(count / 2, { city: 'Roma', tags: ['New'] }), ...customers(count).slice(count / 2)];
  return {
    made: await rowsRead(ownerId, upsert(customers(count))),
    'half updated': await rowsRead(ownerId, upsert(changed)),
    'all updated': await rowsRead(ownerId, upsert(customers(count, { city: 'Milano' }))),
    orders: await rowsRead(ownerId, (tx) => recordOrders(tx, orders(count, 'UNPROCESSED'), call)),
    'orders changed': await rowsRead(ownerId, (tx) => recordOrders(tx, orders(count, 'PROCESSED'), call)),
    bookings: await rowsRead(ownerId, (tx) => recordBookings(tx, bookings(count, 'Cut'), call)),
    'bookings changed': await rowsRead(ownerId, (tx) => recordBookings(tx, bookings(count, 'Colour'), call)),
  };
}

/** Of each call. */
const rows = 1_500;
/** More than the tables that stay small have, far less than the others have got in the end. */
const fewRows = 150;

describe('B1: a call takes work by the number of its rows, with nothing read or compared for each that grows with them', () => {
  const situations: [string, () => Promise<void>][] = [
    ['an empty hub', () => Promise.resolve()],
    [
      'another owner has all rows, and PostgreSQL knows it',
      async () => {
        const other = await newOwner();
        await rowsRead(other, upsert(customers(rows)));
        await hub.clone.sql('ANALYZE');
      },
    ],
    [
      'thirty owners have a row each, and PostgreSQL knows it',
      async () => {
        for (let n = 0; n < 30; n++) {
          const other = await newOwner();
          await rowsRead(other, upsert([customerRow(n)]));
          await rowsRead(other, (tx) => recordOrders(tx, orders(n + 1, 'UNPROCESSED').slice(n), call));
          await rowsRead(other, (tx) => recordBookings(tx, bookings(n + 1, 'Cut').slice(n), call));
        }
        await hub.clone.sql('ANALYZE');
      },
    ],
  ];
  test.each(situations)('%s', { timeout: 240_000 }, async (_, before) => {
    const clone = await cloneDatabase();
    await clone.sql('ALTER TABLE customer SET (autovacuum_enabled = off)'); // it would only help
    await tellPlans(clone);
    hub = await startTestHub({ clone, env: { STAMDATA_ROLES: 'api' } });
    await before();
    const lookedAt = followPlans(hub);
    const read = await readsOfCalls(rows);
    for (const [name, tables] of Object.entries(read))
      for (const [table, rowsOfTable] of Object.entries(tables))
        expect(rowsOfTable / rows, `rows of ${table} for each row ${name}`).toBeLessThan(fewRows);
    expect([...lookedAt].filter(([, most]) => most > fewRows * rows)).toEqual([]);
    expect(lookedAt.get('storeSnapshots')).toBeGreaterThanOrEqual(rows); // plans were told at all
  });
});
