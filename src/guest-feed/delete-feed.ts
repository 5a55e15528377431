import type { Database } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import { lockFeed } from './find-feeds.js';

/**
 * Deletes a feed with its credentials, runs and marks; the histories of the stays keep what was sent. While a run is
 * under way it would send what nobody notes: it has to end first. @throws Rejected NOT_FOUND, IN_PROGRESS
 */
export async function deleteFeed(db: Database, ownerId: string, feedId: string): Promise<void> {
  await db.asOwner(ownerId, async (sql) => {
    await lockFeed(sql, ownerId, feedId);
    const [open] = await sql.rows(
      '/* openRun */ SELECT FROM guest_feed_run WHERE owner_id = $1 AND feed_id = $2 AND finished_at IS NULL',
      [ownerId, feedId],
    );
    if (open)
      throw new Rejected([problem('IN_PROGRESS', 'id', 'a run of this feed is under way: switch it off first')]);
    await sql.rows('/* deleteFeed */ DELETE FROM guest_feed WHERE owner_id = $1 AND id = $2', [ownerId, feedId]);
  });
}
