import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { givenRows } from '../graphql/loose-rows.js';
import { answer } from '../graphql/user-error.js';
import { deliveryOf } from './batch-delivery.type.js';
import { nothingApplied } from './bulk-answer.js';
import { bulkUpdateCustomers } from './bulk-update-customers.js';
import { BulkUpdateCustomersInput, BulkUpdateCustomersPayload } from './bulk-update.types.js';
import { customersCall } from './customers-call.js';
import { demandRows } from './limits.js';
import { checkUpdateRow } from './update-row.js';

@Resolver()
export class BulkUpdateResolver {
  @Mutation(() => BulkUpdateCustomersPayload, {
    description:
      'Changes up to 10,000 customers, each by its own row, or tells what would become of them (dryRun). A row that changes nothing is no event. Triggers UPDATED, TAG, CONSENT. Scope customers:bulk.',
  })
  async bulkUpdateCustomers(
    @Ctx() ctx: Context,
    @Arg('input', () => BulkUpdateCustomersInput) input: BulkUpdateCustomersInput,
  ): Promise<BulkUpdateCustomersPayload> {
    const owner = await ctx.ownerNamed(input.ownerCode, 'customers:bulk');
    const rows = givenRows(input.rows);
    const dryRun = input.dryRun ?? false;
    return answer(
      async () => {
        demandRows('rows', rows);
        const checked = rows.map(checkUpdateRow);
        const update = { ...(await customersCall(ctx, input)), rows };
        return ctx.write(owner, (tx) => bulkUpdateCustomers(tx, update, checked), {
          dryRun,
          delivery: deliveryOf(input.delivery),
        });
      },
      nothingApplied(dryRun, rows.length),
    );
  }
}
