import { selectList } from '../database/select-list.js';
import type { Sql } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import type { Page } from '../graphql/connection.js';
import { GuestFeedRun } from './guest-feed-run.entity.js';
import { GuestFeed } from './guest-feed.entity.js';

const columns = selectList(GuestFeed, 'f');
const runColumns = selectList(GuestFeedRun, 'r');

/** A feed with what of its owner decides whether it runs. */
export type FoundFeed = GuestFeed & {
  /** The owner's switch (C3). */
  ownerActive: boolean;
  timeZone: string;
};

/** The owner's feeds, oldest first. */
export const findFeeds = (sql: Pick<Sql, 'rows'>, ownerId: string): Promise<FoundFeed[]> =>
  sql.rows<FoundFeed>(`/* findFeeds */ ${selectFeeds} WHERE f.owner_id = $1 ORDER BY f.id`, [ownerId]);

/** @throws Rejected NOT_FOUND */
export async function feedById(sql: Pick<Sql, 'rows'>, ownerId: string, id: string): Promise<FoundFeed> {
  const [feed] = await sql.rows<FoundFeed>(`/* feedById */ ${selectFeeds} WHERE f.owner_id = $1 AND f.id = $2`, [
    ownerId,
    id,
  ]);
  return feed ?? noSuchFeed();
}

/** The same, locked against other changes of its settings. @throws Rejected NOT_FOUND */
export async function lockFeed(sql: Pick<Sql, 'rows'>, ownerId: string, id: string): Promise<FoundFeed> {
  const [feed] = await sql.rows<FoundFeed>(
    `/* lockFeed */ ${selectFeeds} WHERE f.owner_id = $1 AND f.id = $2 FOR NO KEY UPDATE OF f`,
    [ownerId, id],
  );
  return feed ?? noSuchFeed();
}

/** A page of the runs of each feed, the newest first; one more each than the page holds. */
export const runsOf = (
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  feedIds: readonly string[],
  page: Page,
): Promise<GuestFeedRun[]> =>
  sql.rows<GuestFeedRun>(
    `/* runsOf */ SELECT r.* FROM unnest($2::bigint[]) AS wanted (id)
     CROSS JOIN LATERAL (SELECT ${runColumns} FROM guest_feed_run r
       WHERE r.owner_id = $1 AND r.feed_id = wanted.id ORDER BY r.id DESC LIMIT $3) AS r`,
    [ownerId, feedIds, page.size + 1],
  );

/** A run that is known to exist. */
export async function runById(sql: Pick<Sql, 'rows'>, ownerId: string, id: string): Promise<GuestFeedRun> {
  const [run] = await sql.rows<GuestFeedRun>(
    `/* runById */ SELECT ${runColumns} FROM guest_feed_run r WHERE r.owner_id = $1 AND r.id = $2`,
    [ownerId, id],
  );
  return run!;
}

const selectFeeds = /* sql */ `
  SELECT ${columns}, o.guest_feeds_active AS "ownerActive", o.time_zone AS "timeZone"
  FROM guest_feed f JOIN owner o ON o.id = f.owner_id`;

function noSuchFeed(): never {
  throw new Rejected([problem('NOT_FOUND', 'id', 'invalid id (no such guest feed)')]);
}
