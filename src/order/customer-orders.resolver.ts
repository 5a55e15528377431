import { Arg, Ctx, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Customer } from '../customer/customer.entity.js';
import { connectionOf, connectionType, pageOf } from '../graphql/connection.js';
import { Order } from './order.entity.js';

@ObjectType({ description: 'A page of the orders of a customer.' })
export class OrderConnection extends connectionType('Order', Order) {
  /** Whose orders. No field: for `totalCount`. */
  customer!: Customer;
}

@Resolver(() => Customer)
export class CustomerOrdersResolver {
  @FieldResolver(() => OrderConnection, {
    description: 'The orders in the order in which they were first recorded, in pages of up to 100: say first.',
  })
  async orders(
    @Ctx() ctx: Context,
    @Root() customer: Customer,
    @Arg('first', () => Int, { nullable: true }) first?: number,
    @Arg('after', () => String, { nullable: true }) after?: string,
  ): Promise<OrderConnection> {
    const page = pageOf({ first, after });
    return { ...connectionOf(page, await ctx.loaders.orders(page).load(customer.id)), customer };
  }
}

@Resolver(() => OrderConnection)
export class OrderConnectionResolver {
  @FieldResolver(() => Int, { description: 'How many there are on all pages.' })
  totalCount(@Ctx() ctx: Context, @Root() { customer }: OrderConnection): Promise<number> {
    return ctx.loaders.orderCount.load(customer.id);
  }
}
