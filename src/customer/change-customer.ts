import type { OwnerRef } from '../access/caller.js';
import type { Context } from '../context.js';
import { answer } from '../graphql/user-error.js';
import type { Write } from '../write.js';
import type { CustomerIdentifierInput } from './customer-identifier.input.js';
import type { CustomerPayload } from './customer.payload.js';
import { identifyCustomer } from './identify-customers.js';

/** One write about one customer: finds it, does the work in the same transaction, answers with what it is now. */
export function changeCustomer(
  ctx: Context,
  owner: OwnerRef,
  by: CustomerIdentifierInput,
  work: (tx: Write, customerId: string) => Promise<void>,
  field = 'customer',
): Promise<CustomerPayload> {
  return answer(
    async () => {
      const id = await ctx.write(owner, async (tx) => {
        const found = await identifyCustomer(tx, owner.id, by, { field, showExcluded: ctx.showExcluded });
        await work(tx, found);
        return found;
      });
      return { customer: await ctx.loaders.customer.load(id) };
    },
    { customer: null },
  );
}
