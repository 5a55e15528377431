import { setCustomersEnabled } from '../customer/set-customers-enabled.js';
import { storableEcho } from '../format/text.js';
import { demandRows } from '../bulk/limits.js';
import type { Call } from './call.js';
import type { Envelope } from './envelope.js';
import { findItems } from './find-items.js';

/** By the code or foreign code as it was given: whether every item that has it was done. */
export type EnableResults = Record<string, boolean>;

/**
 * `/api/customers/enable` and `/disable`: sets the state of customers, named by their code or by the foreign code of
 * their login (N20). Whoever is in that state already is done and no event; the others are UPDATED. Items are
 * independent of each other (A15).
 * @throws Rejected for no items or more than 10,000
 */
export async function enableCustomers(call: Call, enabled: boolean): Promise<Envelope<EnableResults>> {
  const { ctx, owner, dryRun, rows } = call;
  demandRows('customers', rows);
  const work = ctx.write(
    owner,
    async (tx) => {
      const items = await findItems(tx, rows, ctx.showExcluded);
      const ids = items.flatMap(({ found }) => ('id' in found ? [found.id] : []));
      await setCustomersEnabled(tx, [...new Set(ids)], enabled);
      return items;
    },
    { dryRun },
  );
  const results = new Map<string, boolean>();
  const errors = (await work).flatMap(({ key, found }, i) => {
    const good = 'id' in found;
    results.set(key, good && (results.get(key) ?? true));
    return good ? [] : [{ 'line/index': i + 1, errors: [found.problem] }];
  });
  const echoes = [...results].map(([key, good]) => [storableEcho(key), good] as const);
  return { dry_run: dryRun, results: Object.fromEntries(echoes), errors };
}
