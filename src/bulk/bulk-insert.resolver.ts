import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { answer } from '../graphql/user-error.js';
import { bulkInsertCustomers, checkRows } from './bulk-insert-customers.js';
import {
  BulkInsertCustomersInput,
  BulkInsertCustomersPayload,
  ErrorPolicy,
  ImportProfile,
} from './bulk-insert.types.js';

@Resolver()
export class BulkInsertResolver {
  @Mutation(() => BulkInsertCustomersPayload, {
    description:
      'Inserts up to 10,000 customers, or tells what would become of them (dryRun). An insert, never an update: a code that exists is an error of its row (A17). Triggers CREATED for each. Scope customers:bulk.',
  })
  async bulkInsertCustomers(
    @Ctx() ctx: Context,
    @Arg('input', () => BulkInsertCustomersInput) input: BulkInsertCustomersInput,
  ): Promise<BulkInsertCustomersPayload> {
    const owner = await ctx.ownerNamed(input.ownerCode, 'customers:bulk');
    const { customers: rows } = input;
    const dryRun = input.dryRun ?? false;
    const profile = input.profile ?? ImportProfile.STANDARD;
    return answer(
      async () => {
        const checked = checkRows('customers', rows, profile, 'graphql');
        const insert = {
          rows,
          profile,
          names: 'graphql' as const,
          dryRun,
          allOrNothing: input.errorPolicy === ErrorPolicy.REJECT_EVERYTHING,
          idempotencyKey: input.idempotencyKey ?? null,
          showExcluded: ctx.showExcluded,
          consentSource: ctx.caller.name,
          secret: ctx.hub.secret,
        };
        return ctx.write(owner, (tx) => bulkInsertCustomers(tx, insert, checked), { dryRun });
      },
      { dryRun, results: [], errors: [], counts: { rows: rows.length, customers: 0, users: 0, rejected: rows.length } },
    );
  }
}
