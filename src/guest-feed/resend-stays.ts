import type { Database } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import { isCleanText } from '../format/text.js';
import { lockFeed } from './find-feeds.js';

export const maxResent = 1_000;

/**
 * Lets the next run send stays again that were sent or refused: the explicit request without which nothing is sent twice
 * (A34). All or none. Gives the numbers of those that had been, in the order given; what was never tried is due anyway.
 * @throws Rejected NOT_FOUND for the feed and for each number that is no booking's, LIMIT_EXCEEDED
 */
export function resendStays(
  db: Database,
  { ownerId, feedId }: { ownerId: string; feedId: string },
  bookingNumbers: readonly string[],
): Promise<string[]> {
  if (bookingNumbers.length > maxResent)
    throw new Rejected([problem('LIMIT_EXCEEDED', 'bookingNumbers', `invalid bookingNumbers (at most ${maxResent})`)]);
  const numbers = bookingNumbers.map((number) => number.trim());
  return db.asOwner(ownerId, async (sql) => {
    await lockFeed(sql, ownerId, feedId);
    const found = await sql.rows<{ number: string; id: string }>(
      '/* staysToResend */ SELECT number, id FROM booking WHERE owner_id = $1 AND number = ANY ($2)',
      [ownerId, numbers.filter(isCleanText)],
    );
    const ids = new Map(found.map(({ number, id }) => [number, id]));
    const problems = numbers.flatMap((number, i) => {
      const field = `bookingNumbers.${i}`;
      return ids.has(number) ? [] : [problem('NOT_FOUND', field, `invalid ${field} (no such booking)`)];
    });
    if (problems.length > 0) throw new Rejected(problems);
    const freed = await sql.rows<{ id: string }>(
      `/* resendStays */ UPDATE guest_feed_stay SET state = 'FAILED', sent_at = NULL, error = 'to be sent again, as asked'
       WHERE owner_id = $1 AND feed_id = $2 AND booking_id = ANY ($3::bigint[]) AND state IN ('SENT', 'REFUSED')
       RETURNING booking_id AS id`,
      [ownerId, feedId, [...ids.values()]],
    );
    const again = new Set(freed.map(({ id }) => id));
    return [...new Set(numbers)].filter((number) => again.has(ids.get(number)!));
  });
}
