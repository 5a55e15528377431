import { recordCall, type RecordAnswer, type RecordCall } from '../bulk/record-call.js';
import { recordRows, type Recordable } from '../bulk/record-rows.js';
import { EventReason } from '../event-reason.js';
import type { Write } from '../write.js';
import { changedFields, settledBooking, type BookingRow } from './booking-row.js';
import type { Booking } from './booking.entity.js';
import type { BookingInput } from './booking.input.js';
import { checkBooking } from './check-booking.js';
import { bookingsByNumber } from './find-bookings.js';
import { writeBookings } from './write-bookings.js';

/**
 * Records bookings by number (A30), with their history (C8): new ones are made, others become what the row says, a
 * deleted one is restored. A moved booking is an event of both customers. The transaction (`write` with the same
 * `dryRun`) is the caller's.
 * @throws Rejected for what is wrong with the call as a whole
 */
export function recordBookings(tx: Write, bookings: readonly BookingInput[], call: RecordCall): Promise<RecordAnswer> {
  return recordCall(tx, 'recordBookings', bookings, { ...call, reason: EventReason.BOOKING }, () =>
    recordRows(tx, bookings.map(checkBooking), recordableBookings, call),
  );
}

const recordableBookings: Recordable<BookingRow, Booking> = {
  reason: EventReason.BOOKING,
  keyOf: ({ number }) => number,
  find: (tx, rows, options) =>
    bookingsByNumber(
      tx,
      tx.ownerId,
      rows.map((row) => row.number),
      options,
    ),
  isSame: (row, stored) => stored.deletedAt === null && changedFields(settledBooking(row, stored), stored).length === 0,
  write: writeBookings,
};
