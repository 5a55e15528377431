import { BookingStatus, type Booking } from './booking.entity.js';

/** What a row says of a booking. Undefined: nothing, so a recorded booking keeps its own. */
export type BookingRow = Pick<Booking, 'number' | 'service' | 'startsAt' | 'endsAt' | 'status'> & {
  language?: string | null;
  notify?: boolean;
  checkedOutAt?: Date;
};

/** What is to be stored. `checkedOutAt` 'NOW' and `notify` 'OWNER' are settled by the statement that writes. */
export type BookingState = Pick<Booking, 'number' | 'service' | 'startsAt' | 'endsAt' | 'status' | 'language'> & {
  notify: boolean | 'OWNER';
  checkedOutAt: Date | 'NOW' | null;
};

/**
 * What a booking becomes by a row. `notify`: as given, else as it is, for a new one the owner's setting (C6), which is
 * so copied once and never again (A36). `checkedOutAt`: as given, else as it is while the status stays CHECKED_OUT,
 * now when it becomes that, none otherwise.
 */
export function settledBooking(row: BookingRow, stored: Booking | null): BookingState {
  return {
    number: row.number,
    service: row.service,
    startsAt: row.startsAt,
    endsAt: row.endsAt,
    status: row.status,
    language: row.language !== undefined ? row.language : (stored?.language ?? null),
    notify: row.notify ?? stored?.notify ?? 'OWNER',
    checkedOutAt: row.checkedOutAt ?? checkedOutAt(row.status, stored),
  };
}

/** The names of the fields that differ. */
export function changedFields(state: BookingState, stored: Booking): (keyof BookingState)[] {
  return fields.filter((field) => plain(state[field]) !== plain(stored[field]));
}

export const fields = [
  'service',
  'startsAt',
  'endsAt',
  'status',
  'language',
  'notify',
  'checkedOutAt',
] as const satisfies (keyof BookingState)[];

function checkedOutAt(status: BookingStatus, stored: Booking | null): Date | 'NOW' | null {
  if (status !== BookingStatus.CHECKED_OUT) return null;
  return (stored?.status === BookingStatus.CHECKED_OUT ? stored.checkedOutAt : null) ?? 'NOW';
}

const plain = (value: unknown) => (value instanceof Date ? value.getTime() : value);
