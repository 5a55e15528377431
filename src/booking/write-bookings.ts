import type { RecordChange } from '../bulk/record-rows.js';
import { theOwner } from '../database/the-owner.js';
import { Raced, type Write } from '../write.js';
import { entriesOf, recordHistory } from './booking-history.js';
import { settledBooking, type BookingRow, type BookingState } from './booking-row.js';
import type { Booking } from './booking.entity.js';

type Change = RecordChange<BookingRow, Booking>;

/**
 * Writes bookings with their history, new ones and changed ones, whose customers are locked: three statements for any
 * number. Gives their ids by the changes' index. A number that another transaction has taken meanwhile starts the
 * write anew.
 */
export async function writeBookings(tx: Write, changes: Change[]): Promise<Map<number, string>> {
  const settled = changes.map((change) => ({ ...change, state: settledBooking(change.row, change.stored) }));
  const ids = new Map([
    ...(await insertBookings(
      tx,
      settled.filter(({ stored }) => stored === null),
    )),
    ...(await updateBookings(
      tx,
      settled.filter(({ stored }) => stored !== null),
    )),
  ]);
  const entries = settled.flatMap((change) =>
    entriesOf(change).map((entry) => ({ ...entry, bookingId: ids.get(change.index)! })),
  );
  await recordHistory(tx, entries);
  return ids;
}

type SettledChange = Change & { state: BookingState };

const recordColumns = `"customerId" bigint, number text, service text, "startsAt" timestamptz, "endsAt" timestamptz,
  status text, language text, notify boolean, "checkedOutAt" timestamptz, "checkedOutNow" boolean`;
const checkedOutAt = 'CASE WHEN r."checkedOutNow" THEN now.at ELSE r."checkedOutAt" END';
const now = '(SELECT coalesce($3::timestamptz, statement_timestamp()) AS at) AS now';

/** Ids by the changes' index. Inserted in the order of their numbers everywhere, so that two writes wait and not lock. */
async function insertBookings(tx: Write, changes: SettledChange[]): Promise<[number, string][]> {
  if (changes.length === 0) return [];
  const inserted = await tx.rows<{ id: string; number: string }>(
    `/* insertBookings */
     INSERT INTO booking (owner_id, customer_id, number, service, starts_at, ends_at, status, language, notify,
       checked_out_at, created_at, updated_at)
     SELECT $1, r."customerId", r.number, r.service, r."startsAt", r."endsAt", r.status, r.language,
       coalesce(r.notify, owner.notify_new_bookings), ${checkedOutAt}, now.at, now.at
     FROM json_to_recordset($2::json) AS r (${recordColumns}) JOIN owner ON owner.id = $1, ${now}
     ORDER BY r.number
     ON CONFLICT DO NOTHING RETURNING id, number`,
    [tx.ownerId, JSON.stringify(changes.map(recordOf)), tx.at],
  );
  if (inserted.length < changes.length) throw new Raced();
  const byNumber = new Map(inserted.map((booking) => [booking.number, booking.id]));
  return changes.map(({ index, row }) => [index, byNumber.get(row.number)!]);
}

async function updateBookings(tx: Write, changes: SettledChange[]): Promise<[number, string][]> {
  if (changes.length === 0) return [];
  await tx.rows(
    `/* updateBookings */
     UPDATE booking b SET customer_id = r."customerId", service = r.service, starts_at = r."startsAt", ends_at = r."endsAt",
       status = r.status, language = r.language, notify = r.notify, checked_out_at = ${checkedOutAt}, deleted_at = NULL,
       updated_at = now.at
     FROM json_to_recordset($2::json) AS r (id bigint, ${recordColumns}), ${now}
     WHERE b.owner_id = ${theOwner} AND b.id = r.id`,
    [tx.ownerId, JSON.stringify(changes.map((change) => ({ ...recordOf(change), id: change.stored!.id }))), tx.at],
  );
  return changes.map(({ index, stored }) => [index, stored!.id]);
}

const recordOf = ({ customerId, state }: SettledChange) => ({
  ...state,
  customerId,
  notify: state.notify === 'OWNER' ? null : state.notify,
  checkedOutAt: state.checkedOutAt === 'NOW' ? null : state.checkedOutAt,
  checkedOutNow: state.checkedOutAt === 'NOW',
});
