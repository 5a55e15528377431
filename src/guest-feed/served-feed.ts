import type { Sql } from '../database/database.js';
import type { Secret } from '../secret.js';
import type { FeedAccount } from './channel.js';
import type { GuestFeedKind } from './channels.js';
import type { FeedState } from './criteria.js';
import { openSecret } from './feed-secrets.js';

/** A feed as those see it who send for it: its state, with the credentials opened. */
export interface ServedFeed extends FeedState {
  id: string;
  kind: GuestFeedKind;
  name: string;
  version: number;
  account: FeedAccount;
  /** When the cron job is due next; null while the feed is off or stopped. */
  dueAt: Date | null;
}

/**
 * Loads a feed; null: there is none. `since` is the moment of activation, or, when looking back, the beginning of the
 * owner's local day that lies so many days before it (A37).
 */
export async function loadServedFeed(
  sql: Pick<Sql, 'rows'>,
  secret: Secret,
  place: { ownerId: string; feedId: string },
): Promise<ServedFeed | null> {
  const [row] = await sql.rows<Omit<ServedFeed, 'account'> & { baseUrl: string; hotelId: Buffer; accessKey: Buffer }>(
    `/* loadServedFeed */
     SELECT f.id, f.kind, f.name, f.version, f.base_url AS "baseUrl", f.active, f.stopped_reason AS "stoppedReason",
       f.next_run_at AS "dueAt", o.guest_feeds_active AS "ownerActive", h.sealed AS "hotelId", k.sealed AS "accessKey",
       CASE WHEN f.look_back_days = 0 THEN f.activated_at
         ELSE ((f.activated_at AT TIME ZONE o.time_zone)::date - f.look_back_days)::timestamp AT TIME ZONE o.time_zone
       END AS since
     FROM guest_feed f
     JOIN owner o ON o.id = f.owner_id
     JOIN guest_feed_secret h ON h.owner_id = f.owner_id AND h.feed_id = f.id AND h.name = 'hotelId'
     JOIN guest_feed_secret k ON k.owner_id = f.owner_id AND k.feed_id = f.id AND k.name = 'accessKey'
     WHERE f.owner_id = $1 AND f.id = $2`,
    [place.ownerId, place.feedId],
  );
  if (!row) return null;
  const { baseUrl, hotelId, accessKey, ...feed } = row;
  const account = {
    baseUrl,
    hotelId: openSecret(secret, place, 'hotelId', hotelId),
    accessKey: openSecret(secret, place, 'accessKey', accessKey),
  };
  return { ...feed, account };
}
