import { dataOf, type BenchHub } from './bench-hub.js';
import { copiedRows } from './copied-rows.js';
import { median, round2, timed, type Figure } from './figure.js';

/**
 * `bulkInsertCustomers` of full rows over HTTP (contact data, VAT number, a reference and two tags), real and dry, next to
 * COPY of the rows that it has written. As with COPY, the text is made before, and what comes back is read after the clock.
 */
export async function bulkInsert(bench: BenchHub, quick: boolean): Promise<Figure[]> {
  const rows = quick ? 500 : 10_000;
  const rounds = quick ? 1 : 5;
  const insert: number[] = [];
  const dry: number[] = [];
  const copy: number[] = [];
  const customers = Array.from({ length: rows }, (_, i) => fullRow(i));
  for (let round = 0; round < rounds; round++) {
    const [owner, dryOwner] = [await bench.owner(), await bench.owner()]; // what is rolled back stays in the indexes
    for (const [times, caller, dryRun] of [
      [dry, dryOwner, true],
      [insert, owner, false],
    ] as const) {
      const input = { ownerCode: caller.code, dryRun, customers };
      const body = JSON.stringify({ query: mutation, variables: { input } });
      let answer = '';
      times.push(await timed(async () => (answer = await caller.send(body))));
      const { counts } = dataOf<Answer>(answer).bulkInsertCustomers;
      if (counts.customers !== rows) throw new Error(`${counts.customers} of ${rows} rows were good`);
    }
    copy.push(await copiedRows(bench, owner));
  }
  const perSecond = (times: number[]) => Math.round((rows * 1000) / median(times));
  const figure = (name: string, times: number[]) => ({
    name: `${name}, ${rows} rows`,
    value: `${perSecond(times)} rows/s`,
    limit: `${perSecond(copy)} rows/s COPY`,
    ratio: round2(median(copy) / median(times)),
  });
  return [figure('bulk insert', insert), figure('bulk dry run', dry)];
}

const mutation = `mutation ($input: BulkInsertCustomersInput!) {
  bulkInsertCustomers(input: $input) { results { index code customer user customerId } counts { customers } } }`;

interface Answer {
  bulkInsertCustomers: { counts: { customers: number } };
}

/** A row as a partner's export has it: every rule that costs something has something to judge. */
export const fullRow = (i: number) => ({
  code: `C${i}`,
  name: `Customer Number ${i}`,
  email: `c${i}@example.com`,
  mobile: `+45 70 ${String(i)
    .padStart(6, '0')
    .replace(/(..)(..)(..)/, '$1 $2 $3')}`,
  address: `Street ${i}`,
  postalCode: '2100',
  city: 'København',
  country: 'DK',
  language: 'da',
  currency: 'DKK',
  vatNumber: `DK${danishVat(10_000_000 + 11 * i)}`,
  bookingOnline: 'yes',
  externalReferences: [{ system: 'WOOCOMMERCE', identifier: `w${i}` }],
  tags: ['VIP', 'Newsletter'],
});

/** The first valid Danish number from here on: eight digits whose weighted sum is a multiple of 11. */
function danishVat(from: number): number {
  const sum = [2, 7, 6, 5, 4, 3, 2, 1].reduce((total, weight, i) => total + weight * Number(String(from)[i]), 0);
  return sum % 11 === 0 ? from : danishVat(from + 1);
}
