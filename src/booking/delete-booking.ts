import { judgeIdentified } from '../customer/identify-customers.js';
import { Rejected, problem } from '../errors.js';
import { EventReason } from '../event-reason.js';
import { isCleanText } from '../format/text.js';
import { Raced, type Write } from '../write.js';
import { recordHistory } from './booking-history.js';

/**
 * Deletes a booking: it stays, with its history, but counts neither as the last nor as the next one (A59). Recording
 * its number again restores it. Gives its id.
 * @throws Rejected NOT_FOUND for an unknown or deleted one, EXCLUDED with its customer
 */
export async function deleteBooking(tx: Write, number: string, options: { showExcluded: boolean }): Promise<string> {
  const customerId = await lockHolder(tx, number, options);
  const [deleted] = await tx.rows<{ id: string }>(
    `/* deleteBooking */ UPDATE booking SET deleted_at = now.at, updated_at = now.at
     FROM (SELECT coalesce($4::timestamptz, statement_timestamp()) AS at) AS now
     WHERE owner_id = $1 AND number = $2 AND customer_id = $3 AND deleted_at IS NULL RETURNING id`,
    [tx.ownerId, number.trim(), customerId, tx.at],
  );
  if (!deleted) throw new Raced(); // moved or deleted while we waited for the lock
  await recordHistory(tx, [{ bookingId: deleted.id, event: 'deleted', detail: null }]);
  tx.touch([customerId], EventReason.BOOKING);
  return deleted.id;
}

/** The customer of a booking, locked: writers of bookings queue there. */
async function lockHolder(tx: Write, number: string, options: { showExcluded: boolean }): Promise<string> {
  const [holder] = isCleanText(number.trim())
    ? await tx.rows<{ id: string; excluded: boolean }>(
        `/* lockBookingHolder */ SELECT c.id, c.excluded FROM booking b
         JOIN customer c ON c.owner_id = b.owner_id AND c.id = b.customer_id
         WHERE b.owner_id = $1 AND b.number = $2 AND b.deleted_at IS NULL FOR NO KEY UPDATE OF c`,
        [tx.ownerId, number.trim()],
      )
    : [];
  if (!holder) throw new Rejected([problem('NOT_FOUND', 'number', 'invalid number (no such booking)')]);
  const wrong = judgeIdentified(holder, { field: 'number', showExcluded: options.showExcluded });
  if (wrong) throw new Rejected([wrong]);
  return holder.id;
}
