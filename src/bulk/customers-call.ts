import type { Context } from '../context.js';
import { ErrorPolicy, type BulkCustomersInput } from './bulk-call.types.js';
import { previewAsked } from './preview-rows.js';

/** What a call with rows of customers says beside them, as insert and update take it. @throws as `previewAsked` */
export async function customersCall(ctx: Context, input: BulkCustomersInput & { ownerCode: string }) {
  const dryRun = input.dryRun ?? false;
  return {
    dryRun,
    allOrNothing: input.errorPolicy === ErrorPolicy.REJECT_EVERYTHING,
    showChanges: input.showChanges ?? false,
    preview: await previewAsked(ctx, input.ownerCode, { previewRows: input.previewRows, dryRun }),
    idempotencyKey: input.idempotencyKey ?? null,
    showExcluded: ctx.showExcluded,
    consentSource: ctx.caller.name,
    secret: ctx.hub.secret,
  };
}
