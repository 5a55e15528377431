import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { givenRows } from '../graphql/loose-rows.js';
import { answer } from '../graphql/user-error.js';
import { deliveryOf } from './batch-delivery.type.js';
import { nothingApplied } from './bulk-answer.js';
import { bulkInsertCustomers } from './bulk-insert-customers.js';
import { BulkInsertCustomersInput, BulkInsertCustomersPayload, ImportProfile } from './bulk-insert.types.js';
import { customersCall } from './customers-call.js';
import { demandRows } from './limits.js';
import { OnExisting } from './row-outcome.types.js';

@Resolver()
export class BulkInsertResolver {
  @Mutation(() => BulkInsertCustomersPayload, {
    description:
      'Inserts up to 10,000 customers, or tells what would become of them (dryRun). A code that exists is an error of its row (A17), unless onExisting says otherwise. Triggers CREATED, or UPDATED, TAG, CONSENT of those it changes. Scope customers:bulk.',
  })
  async bulkInsertCustomers(
    @Ctx() ctx: Context,
    @Arg('input', () => BulkInsertCustomersInput) input: BulkInsertCustomersInput,
  ): Promise<BulkInsertCustomersPayload> {
    const owner = await ctx.ownerNamed(input.ownerCode, 'customers:bulk');
    const rows = givenRows(input.customers);
    const dryRun = input.dryRun ?? false;
    const profile = input.profile ?? ImportProfile.STANDARD;
    return answer(
      async () => {
        demandRows('customers', rows);
        const insert = {
          ...(await customersCall(ctx, input)),
          ...{ rows, profile, names: 'graphql' as const, onExisting: input.onExisting ?? OnExisting.REJECT },
        };
        return ctx.write(owner, (tx) => bulkInsertCustomers(tx, insert), {
          dryRun,
          delivery: deliveryOf(input.delivery),
        });
      },
      nothingApplied(dryRun, rows.length),
    );
  }
}
