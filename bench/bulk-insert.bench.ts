import type { BenchHub } from './bench-hub.js';
import { median, round2, timed, type Figure } from './figure.js';

/**
 * `bulkInsertCustomers` of rows with contact data, a reference and two tags, next to plain INSERTs of the same customers
 * into the same tables from arrays, in one transaction: what the database itself can do.
 */
export async function bulkInsert(bench: BenchHub, quick: boolean): Promise<Figure[]> {
  const rows = quick ? 500 : 10_000;
  const rounds = quick ? 1 : 5;
  const insert: number[] = [];
  const dry: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const owner = await bench.owner();
    const customers = Array.from({ length: rows }, (_, i) => row(i));
    const call = (dryRun: boolean) =>
      owner.request(
        'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { counts { customers } errors { index } } }',
        { input: { ownerCode: owner.code, dryRun, customers } },
      );
    dry.push(await timed(() => call(true)));
    insert.push(await timed(() => call(false)));
    const other = await bench.owner();
    bare.push(await timed(() => insertBare(bench, other.id, customers)));
  }
  const perSecond = (times: number[]) => Math.round((rows * 1000) / median(times));
  const limit = `${perSecond(bare)} rows/s bare INSERT`;
  return [
    {
      name: `bulk insert, ${rows} rows`,
      value: `${perSecond(insert)} rows/s`,
      limit,
      ratio: round2(median(bare) / median(insert)),
    },
    {
      name: `bulk dry run, ${rows} rows`,
      value: `${perSecond(dry)} rows/s`,
      limit,
      ratio: round2(median(bare) / median(dry)),
    },
  ];
}

const row = (i: number) => ({
  code: `C${i}`,
  name: `Customer Number ${i}`,
  email: `c${i}@example.com`,
  mobile: `+45 70 27 ${String(i).padStart(4, '0').slice(0, 4)}`,
  address: `Street ${i}`,
  postalCode: '2100',
  city: 'København',
  country: 'DK',
  language: 'da',
  currency: 'DKK',
  bookingOnline: 'yes',
  externalReferences: [{ system: 'WOOCOMMERCE', identifier: `w${i}` }],
  tags: ['VIP', 'Newsletter'],
});

function insertBare(bench: BenchHub, ownerId: string, customers: ReturnType<typeof row>[]): Promise<void> {
  return bench.hub.db.asOwner(ownerId, async (sql) => {
    const made = await sql.rows<{ id: string }>(
      `INSERT INTO customer (owner_id, code, code_key, type, name, email, mobile, address, postal_code, city, country, language, currency, booking_online)
       SELECT $1, code, lower(code), 'PERSON', name, email, mobile, address, '2100', 'København', 'DK', 'da', 'DKK', true
       FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) AS c (code, name, email, mobile, address) RETURNING id`,
      [
        ownerId,
        customers.map((c) => c.code),
        customers.map((c) => c.name),
        customers.map((c) => c.email),
        customers.map((c) => c.mobile),
        customers.map((c) => c.address),
      ],
    );
    const ids = made.map((customer) => customer.id);
    await sql.rows(
      `INSERT INTO external_reference (owner_id, customer_id, system_id, identifier)
       SELECT $1, c.id, s.id, c.identifier FROM unnest($2::bigint[], $3::text[]) AS c (id, identifier)
       JOIN external_system s ON s.owner_id = $1 AND s.code = 'WOOCOMMERCE'`,
      [ownerId, ids, customers.map((c) => c.externalReferences[0]!.identifier)],
    );
    await sql.rows(
      `INSERT INTO tag (owner_id, name, name_key) VALUES ($1, 'VIP', 'vip'), ($1, 'Newsletter', 'newsletter')`,
      [ownerId],
    );
    await sql.rows(
      `INSERT INTO customer_tag (owner_id, customer_id, tag_id)
       SELECT $1, c.id, t.id FROM unnest($2::bigint[]) AS c (id), tag t WHERE t.owner_id = $1`,
      [ownerId, ids],
    );
    await sql.rows(
      `INSERT INTO outbox (owner_id, customer_id, version, reasons, occurred_at)
       SELECT $1, id, 1, '{CREATED}', now() FROM unnest($2::bigint[]) AS c (id)`,
      [ownerId, ids],
    );
  });
}
