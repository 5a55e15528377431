import type { Sql } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import type { Hub } from '../hub.js';
import { storeSecrets } from './feed-secrets.js';
import { settingsOf, type FeedSettings } from './feed-settings.js';
import { feedById, type FoundFeed } from './find-feeds.js';
import type { GuestFeedInput } from './guest-feed.input.js';
import { nextRunAfter } from './schedule.js';

export const maxFeeds = 20;

/** Makes a feed (C2, C4). @throws Rejected for wrong settings, or LIMIT_EXCEEDED */
export function createFeed(
  hub: Pick<Hub, 'db' | 'secret' | 'guard' | 'clock'>,
  ownerId: string,
  input: GuestFeedInput,
): Promise<FoundFeed> {
  return hub.db.asOwner(ownerId, async (sql) => {
    const { at, timeZone } = await lockOwner(sql, ownerId, hub.clock.at());
    const { settings, secrets } = settingsOf(input, hub.guard, at, null);
    const feedId = await insertFeed(sql, ownerId, settings, { at, timeZone });
    await storeSecrets(sql, hub.secret, { ownerId, feedId }, secrets);
    return feedById(sql, ownerId, feedId);
  });
}

/** Counts under the lock of the owner's row, so that two calls at once cannot both take the last place. */
async function lockOwner(sql: Sql, ownerId: string, clockAt: Date | null): Promise<{ at: Date; timeZone: string }> {
  const [owner] = await sql.rows<{ at: Date; timeZone: string }>(
    `/* lockOwnerOfFeeds */ SELECT time_zone AS "timeZone", coalesce($2::timestamptz, statement_timestamp()) AS at
     FROM owner WHERE id = $1 FOR NO KEY UPDATE`,
    [ownerId, clockAt],
  );
  const [present] = await sql.rows<{ count: number }>(
    '/* countFeeds */ SELECT count(*)::int AS count FROM guest_feed WHERE owner_id = $1',
    [ownerId],
  );
  if (present!.count >= maxFeeds)
    throw new Rejected([problem('LIMIT_EXCEEDED', null, `an owner can have ${maxFeeds} guest feeds`)]);
  return owner!;
}

async function insertFeed(
  sql: Sql,
  ownerId: string,
  { kind, name, baseUrl, schedule, active, lookBackDays }: FeedSettings,
  { at, timeZone }: { at: Date; timeZone: string },
): Promise<string> {
  const [row] = await sql.rows<{ id: string }>(
    `/* insertFeed */
     INSERT INTO guest_feed (owner_id, kind, name, base_url, schedule, active, activated_at, look_back_days, next_run_at,
       scheduled_zone, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) RETURNING id`,
    [
      ...[ownerId, kind, name, baseUrl, schedule, active, active ? at : null, lookBackDays],
      ...[active ? nextRunAfter(schedule, timeZone, at) : null, timeZone, at],
    ],
  );
  return row!.id;
}
