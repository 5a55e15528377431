import type { Write } from '../write.js';
import { BookingStatus, type Booking } from './booking.entity.js';
import { changedFields, type BookingState } from './booking-row.js';

export type BookingEvent = 'recorded' | 'changed' | 'checked-out' | 'cancelled' | 'deleted' | 'restored' | 'sent';

export interface HistoryEntry {
  bookingId: string;
  event: BookingEvent;
  detail: string | null;
}

/** Writes entries into the histories of bookings, in their order (C8). */
export async function recordHistory(tx: Write, entries: HistoryEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.rows(
    `/* recordHistory */
     INSERT INTO booking_history (owner_id, booking_id, at, event, detail)
     SELECT $1, e.booking_id, coalesce($5::timestamptz, statement_timestamp()), e.event, e.detail
     FROM unnest($2::bigint[], $3::text[], $4::text[]) WITH ORDINALITY AS e (booking_id, event, detail, ord) ORDER BY e.ord`,
    [
      tx.ownerId,
      entries.map((entry) => entry.bookingId),
      entries.map((entry) => entry.event),
      entries.map((entry) => entry.detail),
      tx.at,
    ],
  );
}

/**
 * What a recording writes into the history of its booking. Check-out and cancellation have entries of their own; every
 * other change is told by field, old and new. Customers stand in it by their id only.
 */
export function entriesOf(change: {
  customerId: string;
  stored: Booking | null;
  state: BookingState;
}): Omit<HistoryEntry, 'bookingId'>[] {
  const { stored, state } = change;
  const ended = endingOf(stored, state);
  if (!stored) return [{ event: 'recorded', detail: `status ${state.status}` }, ...ended];
  const told = changedFields(state, stored).filter((field) => ended.length === 0 || !toldByEnding.has(field));
  const details = [
    ...(stored.customerId === change.customerId ? [] : [`customer ${stored.customerId} → ${change.customerId}`]),
    ...told.map((field) => `${field} ${shown(stored[field])} → ${shown(state[field])}`),
  ];
  return [
    ...(stored.deletedAt ? [{ event: 'restored' as const, detail: null }] : []),
    ...(details.length > 0 ? [{ event: 'changed' as const, detail: details.join('; ') }] : []),
    ...ended,
  ];
}

/** Fields that an entry `checked-out` or `cancelled` tells by itself. */
const toldByEnding = new Set<string>(['status', 'checkedOutAt']);

function endingOf(stored: Booking | null, { status }: BookingState): Omit<HistoryEntry, 'bookingId'>[] {
  const event = endings.get(status);
  if (!event || stored?.status === status) return [];
  return [{ event, detail: stored ? `status ${stored.status} → ${status}` : null }];
}

const endings = new Map<BookingStatus, BookingEvent>([
  [BookingStatus.CHECKED_OUT, 'checked-out'],
  [BookingStatus.CANCELLED, 'cancelled'],
]);

function shown(value: string | boolean | Date | null): string {
  if (value === null) return 'none';
  if (value === 'NOW') return 'now';
  return value instanceof Date ? value.toISOString() : String(value);
}
