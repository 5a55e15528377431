import type { Context } from '../context.js';
import { Rejected, problem } from '../errors.js';
import { snapshotsShown } from '../snapshot/snapshots-shown.js';
import { wouldSend } from '../webhook/would-send.js';
import type { Write } from '../write.js';
import type { RowOutcome } from './apply-rows.js';
import type { RowPreview } from './row-preview.types.js';

const mostPreviews = 10;

/** Tells what rows lead to, in the transaction that wrote them, of as many as it was made for. */
export type RowsPreview = (tx: Write, outcomes: readonly RowOutcome[]) => Promise<(RowPreview | null)[]>;

/**
 * The preview that a call asks for; null: none. It shows customers and what endpoints are sent, so it takes the scopes of
 * both. @throws Rejected INVALID without a dry run, OUT_OF_RANGE @throws Refusal FORBIDDEN without a scope
 */
export async function previewAsked(
  ctx: Context,
  ownerCode: string,
  asked: { previewRows: number | null | undefined; dryRun: boolean },
): Promise<RowsPreview | null> {
  const previewRows = asked.previewRows ?? 0;
  if (previewRows === 0) return null;
  await ctx.ownerNamed(ownerCode, 'customers:read');
  await ctx.ownerNamed(ownerCode, 'webhooks:manage');
  if (previewRows < 0 || previewRows > mostPreviews)
    throw new Rejected([problem('OUT_OF_RANGE', 'previewRows', `invalid previewRows (0 to ${mostPreviews})`)]);
  if (!asked.dryRun) throw new Rejected([problem('INVALID', 'previewRows', 'invalid previewRows (only with dryRun)')]);
  return (tx, outcomes) =>
    previewsOf(tx, outcomes.slice(0, previewRows), { at: ctx.hub.clock.at(), showExcluded: ctx.showExcluded });
}

/**
 * The snapshots and events are made now, by the very code that makes them at the end of a write, and read before they are
 * rolled back. Null for rows that change nothing. `at`: decides which day it is; null: now.
 */
async function previewsOf(
  tx: Write,
  outcomes: readonly RowOutcome[],
  { at, showExcluded }: { at: Date | null; showExcluded: boolean },
): Promise<(RowPreview | null)[]> {
  await tx.finish();
  const changing = outcomes.map(({ action, customerId }) =>
    action === 'CREATE' || action === 'UPDATE' ? customerId : null,
  );
  const ids = [...new Set(changing.filter((id) => id !== null))];
  const snapshots = await snapshotsShown(tx, tx.ownerId, ids, { showExcluded });
  const requests = await wouldSend(tx, tx.ownerId, ids, at);
  return changing.map((id) =>
    id === null ? null : { snapshot: snapshots.get(id) ?? null, webhooks: requests.get(id) ?? [] },
  );
}
