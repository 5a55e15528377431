import { Arg, Ctx, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Customer } from '../customer/customer.entity.js';
import { connectionOf, connectionType, pageOf } from '../graphql/connection.js';
import { Booking } from './booking.entity.js';

@ObjectType({ description: 'A page of the bookings of a customer.' })
export class BookingConnection extends connectionType('Booking', Booking) {
  /** Whose bookings. No field: for `totalCount`. */
  customer!: Customer;
}

@Resolver(() => Customer)
export class CustomerBookingsResolver {
  @FieldResolver(() => BookingConnection, {
    description:
      'The bookings in the order in which they were first recorded, deleted ones (deletedAt) included, in pages of up to 100: say first.',
  })
  async bookings(
    @Ctx() ctx: Context,
    @Root() customer: Customer,
    @Arg('first', () => Int, { nullable: true }) first?: number,
    @Arg('after', () => String, { nullable: true }) after?: string,
  ): Promise<BookingConnection> {
    const page = pageOf({ first, after });
    return { ...connectionOf(page, await ctx.loaders.bookings(page).load(customer.id)), customer };
  }
}

@Resolver(() => BookingConnection)
export class BookingConnectionResolver {
  @FieldResolver(() => Int, { description: 'How many there are on all pages, deleted ones included.' })
  totalCount(@Ctx() ctx: Context, @Root() { customer }: BookingConnection): Promise<number> {
    return ctx.loaders.bookingCount.load(customer.id);
  }
}
