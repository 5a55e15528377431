import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { ErrorPolicy } from '../bulk/bulk-call.types.js';
import { deliveryOf } from '../bulk/batch-delivery.type.js';
import { demandRows } from '../bulk/limits.js';
import { nothingRecorded } from '../bulk/record-call.js';
import type { Context } from '../context.js';
import { answer } from '../graphql/user-error.js';
import { OrderLine } from './order-line.entity.js';
import { Order } from './order.entity.js';
import { RecordOrdersInput } from './order.input.js';
import { recordOrders } from './record-orders.js';
import { RecordOrdersPayload } from './record-orders.types.js';

@Resolver(() => Order)
export class OrderResolver {
  @Mutation(() => RecordOrdersPayload, {
    description:
      'Records up to 10,000 orders by channel and number: makes new ones, replaces those that differ; or tells what it would do (dryRun). Triggers ORDER for each customer with something new. Scope orders:write.',
  })
  async recordOrders(
    @Ctx() ctx: Context,
    @Arg('input', () => RecordOrdersInput) input: RecordOrdersInput,
  ): Promise<RecordOrdersPayload> {
    const owner = await ctx.ownerNamed(input.ownerCode, 'orders:write');
    const dryRun = input.dryRun ?? false;
    return answer(
      async () => {
        demandRows('orders', input.orders);
        const call = {
          dryRun,
          allOrNothing: input.errorPolicy === ErrorPolicy.REJECT_EVERYTHING,
          idempotencyKey: input.idempotencyKey ?? null,
          showExcluded: ctx.showExcluded,
        };
        const done = await ctx.write(owner, (tx) => recordOrders(tx, input.orders, call), {
          dryRun,
          delivery: deliveryOf(input.delivery),
        });
        return { ...done, results: done.results.map(({ recordId, ...result }) => ({ ...result, orderId: recordId })) };
      },
      nothingRecorded(dryRun, input.orders.length),
    );
  }

  @FieldResolver(() => [OrderLine])
  lines(@Ctx() ctx: Context, @Root() order: Order): Promise<OrderLine[]> {
    return ctx.loaders.orderLines.load(order.id);
  }
}
