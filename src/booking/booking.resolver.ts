import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { ErrorPolicy } from '../bulk/bulk-call.types.js';
import { deliveryOf } from '../bulk/batch-delivery.type.js';
import { demandRows } from '../bulk/limits.js';
import { nothingRecorded } from '../bulk/record-call.js';
import type { Context } from '../context.js';
import { DeletePayload } from '../graphql/delete-payload.js';
import { answer } from '../graphql/user-error.js';
import { BookingHistoryEntry } from './booking-history-entry.entity.js';
import { Booking } from './booking.entity.js';
import { RecordBookingsInput } from './booking.input.js';
import { deleteBooking } from './delete-booking.js';
import { recordBookings } from './record-bookings.js';
import { RecordBookingsPayload } from './record-bookings.types.js';

@Resolver(() => Booking)
export class BookingResolver {
  @Mutation(() => RecordBookingsPayload, {
    description:
      'Records up to 10,000 bookings by number: makes new ones, changes those that differ, restores deleted ones; or tells what it would do (dryRun). Triggers BOOKING for each customer with something new. Scope bookings:write.',
  })
  async recordBookings(
    @Ctx() ctx: Context,
    @Arg('input', () => RecordBookingsInput) input: RecordBookingsInput,
  ): Promise<RecordBookingsPayload> {
    const owner = await ctx.ownerNamed(input.ownerCode, 'bookings:write');
    const dryRun = input.dryRun ?? false;
    return answer(
      async () => {
        demandRows('bookings', input.bookings);
        const call = {
          dryRun,
          allOrNothing: input.errorPolicy === ErrorPolicy.REJECT_EVERYTHING,
          idempotencyKey: input.idempotencyKey ?? null,
          showExcluded: ctx.showExcluded,
        };
        const done = await ctx.write(owner, (tx) => recordBookings(tx, input.bookings, call), {
          dryRun,
          delivery: deliveryOf(input.delivery),
        });
        return {
          ...done,
          results: done.results.map(({ recordId, ...result }) => ({ ...result, bookingId: recordId })),
        };
      },
      nothingRecorded(dryRun, input.bookings.length),
    );
  }

  @Mutation(() => DeletePayload, {
    description: 'Deletes a booking; it keeps its number and history. Triggers BOOKING. Scope bookings:write.',
  })
  deleteBooking(@Ctx() ctx: Context, @Arg('number', () => String) number: string): Promise<DeletePayload> {
    const owner = ctx.owner('bookings:write');
    const { showExcluded } = ctx;
    return answer(
      async () => ({ deletedId: await ctx.write(owner, (tx) => deleteBooking(tx, number, { showExcluded })) }),
      { deletedId: null },
    );
  }

  @FieldResolver(() => [BookingHistoryEntry], { description: 'What happened to it, the oldest first (C8).' })
  history(@Ctx() ctx: Context, @Root() booking: Booking): Promise<BookingHistoryEntry[]> {
    return ctx.loaders.bookingHistory.load(booking.id);
  }
}
