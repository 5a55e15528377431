import { setTimeout as delay } from 'node:timers/promises';
import type { BenchHub, BenchOwner } from './bench-hub.js';
import { median, timed, type Figure } from './figure.js';

/**
 * Rows with logins (PARTNER) next to the same rows without them (STANDARD): what a password in each row costs the caller
 * (A61), while the hasher works on those of the rounds before. And how long a sealed password waits for its hash.
 */
export async function partnerLogins(bench: BenchHub, quick: boolean): Promise<Figure[]> {
  const rows = quick ? 40 : 1_000;
  const withLogins: number[] = [];
  const without: number[] = [];
  await insert(await bench.owner(), rows, 'STANDARD'); // the statements are prepared, the code is warm
  await insert(await bench.owner(), rows, 'PARTNER');
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    without.push(await insert(await bench.owner(), rows, 'STANDARD'));
    withLogins.push(await insert(await bench.owner(), rows, 'PARTNER'));
  }
  const left = await sealed(bench);
  const seconds = (await timed(() => hashed(bench))) / 1_000;
  return [
    {
      name: `${rows} PARTNER rows with logins`,
      value: `${Math.round(median(withLogins))} ms`,
      limit: `${Math.round(median(without))} ms without logins`,
      ratio: Math.round((median(withLogins) / median(without)) * 100) / 100,
    },
    {
      name: `1,000 sealed passwords, until the last is hashed (${left} at once)`,
      value: `${((seconds * 1_000) / left).toFixed(1)} s`,
      limit: '60 s',
    },
  ];
}

/** Milliseconds of one bulk insert. */
function insert(owner: BenchOwner, rows: number, profile: 'PARTNER' | 'STANDARD'): Promise<number> {
  const customers = Array.from({ length: rows }, (_, n) =>
    profile === 'PARTNER' ? { ...row(n), ...login(n) } : row(n),
  );
  return timed(async () => {
    const { bulkInsertCustomers } = await owner.request<{ bulkInsertCustomers: { counts: object } }>(
      'mutation ($input: BulkInsertCustomersInput!) { bulkInsertCustomers(input: $input) { counts { customers users } } }',
      { input: { ownerCode: owner.code, profile, customers } },
    );
    const users = profile === 'PARTNER' ? rows : 0;
    const told = JSON.stringify(bulkInsertCustomers.counts);
    if (told !== JSON.stringify({ customers: rows, users })) throw new Error(`not all rows were inserted: ${told}`);
  });
}

/** Until no password is left that is not hashed. */
async function hashed(bench: BenchHub): Promise<void> {
  while ((await sealed(bench)) > 0) await delay(200);
}

async function sealed({ hub }: BenchHub): Promise<number> {
  const [row] = await hub.db.asSystem((sql) =>
    sql.rows<{ left: number }>('SELECT count(*)::int AS left FROM customer_user WHERE password_sealed IS NOT NULL'),
  );
  return row!.left;
}

const row = (n: number) => ({
  ...{
    code: `P${String(n).padStart(5, '0')}`,
    name: `Agency Number ${n}`,
    address: `Via Roma ${n}`,
    postalCode: '00185',
  },
  ...{ country: 'IT', city: 'ROM', email: `agency${n}@example.it`, language: 'it', telephone: '0694805123' },
  ...{ fax: '0694805124', currency: 'EUR', bookingOnline: 'yes', blockedInDeadline: 'no', creditCard: true },
});

const login = (n: number) => ({
  adminUser: { name: `User ${n}`, email: `user${n}@example.it`, login: `user${n}`, password: `Secret-${n}` },
});
