import type { Sql } from '../database/database.js';
import type { Hub } from '../hub.js';
import { storeSecrets } from './feed-secrets.js';
import { settingsOf, type FeedSettings } from './feed-settings.js';
import { feedById, lockFeed, type FoundFeed } from './find-feeds.js';
import type { GuestFeedInput } from './guest-feed.input.js';
import { nextRunAfter } from './schedule.js';

/**
 * Changes a feed's settings. `active: true` also starts again what was stopped (A35): the activation of A37 stays then,
 * so that what was checked out meanwhile is still sent; switching on what was off is a new activation.
 * @throws Rejected NOT_FOUND, or for wrong settings
 */
export function updateFeed(
  hub: Pick<Hub, 'db' | 'secret' | 'guard' | 'clock'>,
  ownerId: string,
  feedId: string,
  input: GuestFeedInput,
): Promise<FoundFeed> {
  return hub.db.asOwner(ownerId, async (sql) => {
    const present = await lockFeed(sql, ownerId, feedId);
    const at = hub.clock.at() ?? (await now(sql));
    const { settings, secrets } = settingsOf(input, hub.guard, at, present);
    const stoppedReason = settings.active && input.active !== true ? present.stoppedReason : null;
    await sql.rows(
      `/* updateFeed */
       UPDATE guest_feed SET kind = $3, name = $4, base_url = $5, schedule = $6, active = $7, look_back_days = $8,
         activated_at = $9, stopped_reason = $10, next_run_at = $11, scheduled_zone = $12, version = version + 1,
         updated_at = $13
       WHERE owner_id = $1 AND id = $2`,
      [
        ...[ownerId, feedId, settings.kind, settings.name, settings.baseUrl, settings.schedule, settings.active],
        ...[settings.lookBackDays, settings.active && !present.active ? at : present.activatedAt, stoppedReason],
        ...[dueAt(settings, stoppedReason, present, at), present.timeZone, at],
      ],
    );
    await storeSecrets(sql, hub.secret, { ownerId, feedId }, secrets);
    return feedById(sql, ownerId, feedId);
  });
}

/** What is due stays due, unless it was off, or is to come at other times. */
function dueAt(settings: FeedSettings, stoppedReason: string | null, present: FoundFeed, at: Date): Date | null {
  if (!settings.active || stoppedReason !== null) return null;
  const same = settings.schedule === present.schedule && present.scheduledZone === present.timeZone;
  return same && present.dueAt ? present.dueAt : nextRunAfter(settings.schedule, present.timeZone, at);
}

async function now(sql: Sql): Promise<Date> {
  const [row] = await sql.rows<{ at: Date }>('/* feedTime */ SELECT statement_timestamp() AS at');
  return row!.at;
}
