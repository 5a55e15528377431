import { bulkInsertCustomers } from '../bulk/bulk-insert-customers.js';
import { demandRows } from '../bulk/limits.js';
import type { Call } from './call.js';
import type { Envelope } from './envelope.js';

/** What became of one item of an insert (N40). */
export interface InsertResult {
  code: string;
  customer: boolean;
  /** Never true where `customer` is false. */
  user: boolean;
}

/**
 * `/api/customers/insert`: the same bulk insert as GraphQL's, with the profile, the names and the answer of the
 * document (N1–N44). Items are independent of each other (A15).
 * @throws Rejected for no items, more than 10,000, and an `Idempotency-Key` that cannot be
 */
export async function insertCustomers(call: Call): Promise<Envelope<InsertResult[]>> {
  const { ctx, owner, dryRun, rows, idempotencyKey } = call;
  const profile = 'PARTNER';
  const names = 'netstorming';
  demandRows('customers', rows);
  const insert = {
    rows,
    profile,
    names,
    dryRun,
    allOrNothing: false,
    idempotencyKey,
    showExcluded: ctx.showExcluded,
    consentSource: ctx.caller.name,
    secret: ctx.hub.secret,
  } as const;
  const done = await ctx.write(owner, (tx) => bulkInsertCustomers(tx, insert), { dryRun });
  return {
    dry_run: dryRun,
    results: done.results.map(({ code, customer, user }) => ({ code, customer, user })),
    errors: done.errors.map(({ index, errors }) => ({ 'line/index': index, errors })),
  };
}
