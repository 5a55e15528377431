import type { OwnerRef } from '../access/caller.js';
import type { Context } from '../context.js';
import { answer } from '../graphql/user-error.js';
import type { Write } from '../write.js';
import type { CustomerIdentifierInput } from './customer-identifier.input.js';
import type { Customer } from './customer.entity.js';
import type { CustomerPayload } from './customer.payload.js';
import { lockCustomer } from './lock-customer.js';

/** What a write leaves behind. */
export interface Written {
  /** The customer's row, if it is known with all its columns and stays so; to be waited for when the write has ended. */
  stored: Promise<Customer[]> | null;
}

/** One write about one customer: finds and locks it, does the work in the same transaction, answers with what it is now. */
export function changeCustomer(
  ctx: Context,
  owner: OwnerRef,
  by: CustomerIdentifierInput,
  work: (tx: Write, customer: Customer) => Promise<Written | void>,
  field = 'customer',
): Promise<CustomerPayload> {
  return answer(
    async () => {
      const { id, written } = await ctx.write(owner, async (tx) => {
        const customer = await lockCustomer(tx, by, { field, showExcluded: ctx.showExcluded });
        return { id: customer.id, written: await work(tx, customer) };
      });
      const [stored] = (await written?.stored) ?? [];
      if (stored) ctx.loaders.customer.prime(id, stored); // nobody has to look it up
      return { customer: await ctx.loaders.customer.load(id) };
    },
    { customer: null },
  );
}
