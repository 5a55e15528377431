import { selectList } from '../database/select-list.js';
import type { Sql } from '../database/database.js';
import { theOwner } from '../database/the-owner.js';
import type { Page } from '../graphql/connection.js';
import { BookingHistoryEntry } from './booking-history-entry.entity.js';
import { Booking } from './booking.entity.js';

const bookingColumns = selectList(Booking, 'b');
const historyColumns = selectList(BookingHistoryEntry, 'h');

/** A page of the bookings of each customer, in the order in which they were recorded; one more each than the page holds. */
export const bookingsOf = (
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  customerIds: readonly string[],
  page: Page,
): Promise<Booking[]> =>
  sql.rows<Booking>(
    `/* bookingsOf */ SELECT b.* FROM unnest($2::bigint[]) AS wanted (id)
     CROSS JOIN LATERAL (SELECT ${bookingColumns} FROM booking b
       WHERE b.owner_id = $1 AND b.customer_id = wanted.id AND ($3::bigint IS NULL OR b.id > $3) ORDER BY b.id LIMIT $4) AS b`,
    [ownerId, customerIds, page.after, page.size + 1],
  );

/** How many bookings each customer has, deleted ones included; customers without any are left out. */
export const countBookingsOf = (
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  customerIds: readonly string[],
): Promise<{ id: string; count: number }[]> =>
  sql.rows<{ id: string; count: number }>(
    `/* countBookingsOf */ SELECT customer_id AS id, count(*)::int AS count FROM booking
     WHERE owner_id = $1 AND customer_id = ANY ($2::bigint[]) GROUP BY customer_id`,
    [ownerId, customerIds],
  );

/** Bookings by number, deleted ones included; with `lock` their rows are locked in the order of their ids. */
export const bookingsByNumber = (
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  numbers: readonly string[],
  options: { lock: boolean },
): Promise<Booking[]> =>
  sql.rows<Booking>(
    `/* bookingsByNumber */ SELECT ${bookingColumns} FROM booking b WHERE b.owner_id = ${theOwner} AND b.number = ANY ($2)
     ORDER BY b.id ${options.lock ? 'FOR UPDATE' : ''}`,
    [ownerId, numbers],
  );

export const historyOf = (
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  bookingIds: readonly string[],
): Promise<BookingHistoryEntry[]> =>
  sql.rows<BookingHistoryEntry>(
    `/* historyOf */ SELECT ${historyColumns} FROM booking_history h
     WHERE h.owner_id = $1 AND h.booking_id = ANY ($2::bigint[]) ORDER BY h.id`,
    [ownerId, bookingIds],
  );
