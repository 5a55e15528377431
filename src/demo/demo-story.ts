import type { DemoClient } from './demo-client.js';
import { headline, say } from './demo-voice.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface BulkAnswer {
  bulkInsertCustomers: {
    counts: { rows: number; customers: number; users: number; rejected: number };
    errors: { index: number; errors: string[] }[];
  };
}

/** The partner's file: first dry, then for real. Gives how many customers there are now. */
export async function insertBatch(client: DemoClient, ownerCode: string, customers: object[]): Promise<number> {
  const insert = async (dryRun: boolean) => {
    const began = Date.now();
    const { bulkInsertCustomers } = await client.request<BulkAnswer>(
      `mutation ($input: BulkInsertCustomersInput!) {
        bulkInsertCustomers(input: $input) { counts { rows customers users rejected } errors { index errors } } }`,
      { input: { ownerCode, dryRun, profile: 'PARTNER', customers } },
    );
    return { ...bulkInsertCustomers, ms: Date.now() - began };
  };
  headline(`Dry run of test/fixtures/partner-batch.json: ${customers.length} rows, nothing is written`);
  const dry = await insert(true);
  for (const { index, errors } of dry.errors) say(`row ${String(index).padStart(3)}  ${errors.join('; ')}`);
  sayCounts('would insert', dry);
  headline('The same for real');
  const real = await insert(false);
  sayCounts('inserted', real);
  const same = JSON.stringify(dry.errors) === JSON.stringify(real.errors);
  say(same ? 'the real run said just what the dry run had said' : 'the real run differs from the dry run!');
  return real.counts.customers;
}

function sayCounts(
  verb: string,
  { counts, ms }: { counts: BulkAnswer['bulkInsertCustomers']['counts']; ms: number },
): void {
  say(
    `${verb} ${counts.customers} customers with ${counts.users} logins, ${counts.rejected} rows rejected, in ${ms} ms`,
  );
}

/** Orders, bookings, a tag, a consent; and a booking that begins while one watches. */
export async function liveChanges(client: DemoClient, ownerCode: string): Promise<void> {
  const now = Date.now();
  const at = (ms: number) => new Date(now + ms).toISOString();
  const order = (code: string, number: string, rest: object) => ({
    customer: { code },
    number,
    orderedAt: at(-hourMs),
    ...rest,
  });
  const booking = (code: string, number: string, service: string, startsAt: number) => ({
    customer: { code },
    number,
    service,
    startsAt: at(startsAt),
    endsAt: at(startsAt + 2 * hourMs),
  });
  await client.request(
    'mutation ($input: RecordOrdersInput!) { recordOrders(input: $input) { userErrors { message } } }',
    {
      input: {
        ownerCode,
        orders: [
          order('P0001', 'R-1', { channel: 'POS', kind: 'RECEIPT', totalValue: '249.00', totalValueExVat: '199.20' }),
          order('P0001', 'R-2', {
            channel: 'POS',
            kind: 'CREDIT_NOTE',
            totalValue: '-49.00',
            totalValueExVat: '-39.20',
          }),
          order('P0002', 'W-1', {
            channel: 'ONLINE',
            kind: 'ONLINE_ORDER',
            paid: true,
            lines: [{ description: 'Gift card', quantity: '3', unitPrice: '25.00', vatRate: '22' }],
          }),
        ],
      },
    },
  );
  await client.request(
    'mutation ($input: RecordBookingsInput!) { recordBookings(input: $input) { userErrors { message } } }',
    {
      input: {
        ownerCode,
        bookings: [
          booking('P0001', 'B-1', 'City walk', -3 * dayMs),
          booking('P0001', 'B-2', 'Sailing trip', 9 * dayMs),
          booking('P0003', 'B-3', 'Sauna evening', 8_000),
        ],
      },
    },
  );
  await client.request(
    `mutation { setMarketingConsent(customer: { code: "P0002" }, input: { channel: EMAIL, accepted: true, source: "demo" }) { userErrors { message } } }`,
  );
  say('(P0003 has a booking that begins in 8 seconds: the clock will push it by itself)');
}
