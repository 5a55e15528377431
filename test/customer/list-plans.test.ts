import { afterAll, beforeAll, expect, test } from 'vitest';
import { CustomerList, type CustomerSearch } from '../../src/customer/list/customer-list.js';
import { CustomerOrderField, OrderDirection } from '../../src/customer/list/customer-order.input.js';
import { orderings } from '../../src/customer/list/orderings.js';
import { servedCriteria } from '../../src/customer/where/served.js';
import type { Sql } from '../../src/database/database.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { many, manyCustomers, mark } from './many-customers.js';
import { examined, scansOf, type Plan } from './plan-nodes.js';
import { searchSchema } from './where-desk.js';
import { markedValues, operandOf, wholeValues } from './marked-customer.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  owner = await hub.owner();
  await manyCustomers(hub.clone, owner.id);
}, 300_000); // 12 s of a processor, but others may have it
afterAll(() => hub.stop());

/** More would be a part of all that the owner has, not what the page needs. */
const fewRows = many / 25;

test('A46: each criterion that an index serves reads few of 100,000 customers; those that hold for many, as the reason says, never the whole table', async () => {
  const [values, usual] = [await markedValues(owner, mark), await markedValues(owner, 3)];
  const { operators } = await searchSchema();
  const wrong: string[] = [];
  for (const { field, operator, served } of servedCriteria()) {
    if (operator !== '' && !operators.get(field)!.includes(operator)) continue; // an enum's, which nobody can ask
    const few = !('reason' in served);
    if (!few && operator !== 'isNull' && usual[field] === null) continue; // few have a value in these data
    const value =
      operator === '' ? wholeValues[field] : { [operator]: operandOf(operator, values[field], usual[field], few) };
    const place = `${field} ${operator}`;
    const plans = await plansOf({ where: { [field]: value }, showExcluded: field === 'excluded' });
    const tables = plans.flatMap(tablesRead);
    const indexes = plans.flatMap(indexesOf);
    const rows = Math.max(...plans.map(examined));
    if (tables.length > 0) wrong.push(`${place} reads all of ${tables.join()}`);
    if (few && !indexes.includes(served.index)) wrong.push(`${place} uses ${indexes.join()}, not ${served.index}`);
    if (few && rows > fewRows) wrong.push(`${place} reads ${rows} rows`);
  }
  expect(wrong).toEqual([]);
}, 200_000);

test('A46: every order is read from its index, from either end and from the middle, as far as the page goes', async () => {
  for (const field of Object.values(CustomerOrderField))
    for (const direction of Object.values(OrderDirection))
      for (const backward of [false, true]) {
        const search = { orderBy: { field, direction }, showExcluded: false };
        const cursor = await endOfFirstPage(search, backward);
        for (const after of [null, cursor]) {
          const place = `${field} ${direction} ${backward ? 'backward' : 'forward'}${after ? ' from a cursor' : ''}`;
          for (const plan of await plansOf(search, { backward, from: after })) {
            expect(tablesRead(plan), place).toEqual([]);
            expect(indexesOf(plan), place).toContain(orderings[field].index);
            expect(examined(plan), place).toBeLessThan(500);
          }
        }
      }
}, 200_000);

test.each([
  'Émile 24b6d78', // a name
  'emile berg', // 33,000 of them
  'C-5997',
  '@x.example',
  'mail2345',
  '+45 5997',
  'W7919',
  'b',
  'Lest24b6d78', // with a typing error
  'Emile Bexg 24b6d78', // with one in a word that 100,000 have
  'ast24b6', // in the middle of a word
  '24b6d78 berg', // the other way round
  'nobody has this',
])('T10: a search for "%s" reads few of 100,000 customers', async (search) => {
  for (const plan of await plansOf({ search, showExcluded: false })) {
    expect(tablesRead(plan)).toEqual([]);
    expect(examined(plan)).toBeLessThan(fewRows);
  }
});

test('A46: totalCount is exact up to 10,000 and then what the statistics say, which it tells; neither counts further', async () => {
  const counted = async (where: object, search?: string) =>
    (
      await owner.gql<{ customers: { totalCount: number; totalCountIsEstimate: boolean } }>(
        `query ($where: CustomerWhereInput, $search: String) {
          customers(first: 1, where: $where, search: $search) { totalCount totalCountIsEstimate } }`,
        { where, search },
      )
    ).customers;
  expect(await counted({ country: { eq: 'IS' } })).toEqual({ totalCount: many / 1000, totalCountIsEstimate: false });
  for (const search of [undefined, '@x.example']) {
    const { totalCount, totalCountIsEstimate } = await counted({}, search);
    expect(totalCountIsEstimate).toBe(true);
    expect(totalCount / many).toBeGreaterThan(0.8);
    expect(totalCount / many).toBeLessThan(1.2);
  }
});

/** Reads a page as the hub does, as the owner and with parameters, and gives the plans of its statements. */
async function plansOf(
  search: CustomerSearch,
  { backward = false, from = null as string | null } = {},
): Promise<Plan[]> {
  return hub.hub.db.asOwner(owner.id, async (sql) => {
    const plans: Plan[] = [];
    const list = new CustomerList(explaining(sql, plans), owner.id, search);
    const page = await list.page({ size: 50, backward }, backward ? { before: from } : { after: from });
    await explaining(sql, plans).rows(page.select, page.parameters);
    return plans;
  });
}

function explaining(sql: Sql, plans: Plan[]): Pick<Sql, 'rows'> {
  return {
    rows: async <Row>(text: string, parameters?: unknown[]) => {
      if (text.includes('EXPLAIN')) return sql.rows<Row>(text, parameters);
      const [told] = await sql.rows<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
        parameters,
      );
      plans.push(told!['QUERY PLAN'][0].Plan);
      return sql.rows<Row>(text, parameters);
    },
  };
}

async function endOfFirstPage(search: CustomerSearch, backward: boolean): Promise<string> {
  return hub.hub.db.asOwner(owner.id, async (sql) => {
    const page = await new CustomerList(sql, owner.id, search).page({ size: 50, backward }, {});
    const rows = await sql.rows<{ id: string; cursor_key: string | null }>(page.select, page.parameters);
    const { id, cursor_key: key } = rows.at(-1)!;
    return page.cursorOf({ id, key });
  });
}

const tablesRead = (plan: Plan): string[] =>
  scansOf(plan).flatMap((scan) =>
    scan['Node Type'].includes('Seq Scan') && !small.includes(scan['Relation Name']!) ? [scan['Relation Name']!] : [],
  );

/** A handful of rows. */
const small = ['tag', 'external_system'];

const indexesOf = (plan: Plan): string[] => scansOf(plan).flatMap((scan) => scan['Index Name'] ?? []);
