import type { Sql } from '../../database/database.js';
import type { Claim } from '../claim.js';
import type { ReplayKind } from './replay-enums.js';

/** What a shard has to do of the replay whose turn it is. Keys are positions of the feed (EVENTS), else customer ids. */
export interface ReplayPart {
  replayId: string;
  kind: ReplayKind;
  customerId: string | null;
  since: Date | null;
  until: Date | null;
  /** The last key that belongs to the replay. */
  untilKey: bigint;
  /** Everything up to this key is done with. */
  position: bigint;
  /** Keys beyond it that are done with too. */
  ahead: bigint[];
}

export interface ReplayCounts {
  sent: number;
  failed: number;
  skipped: number;
}

/** What has happened since the last write: how far the part has got, and the counts by replay. */
export interface ReplayChanges {
  progress: { replayId: string; position: bigint; ahead: bigint[]; done: boolean } | null;
  counts: ReadonlyMap<string, ReplayCounts>;
}

/**
 * The shard's part of the oldest running replay of its endpoint, one after the other; null: there is none, or the shard has
 * done its part of it and waits for the others.
 */
export async function loadReplayPart(sql: Pick<Sql, 'rows'>, claim: Claim): Promise<ReplayPart | null> {
  const [row] = await sql.rows<Row>(
    `/* loadReplayPart */
     SELECT r.id AS "replayId", r.kind, r.customer_id AS "customerId", r.since, r.until, r.until_key AS "untilKey",
       p.position, p.ahead
     FROM webhook_replay r JOIN webhook_replay_part p ON p.owner_id = r.owner_id AND p.replay_id = r.id
     WHERE r.owner_id = $1 AND p.shard = $3 AND NOT p.done
       AND r.id = (SELECT min(id) FROM webhook_replay WHERE owner_id = $1 AND endpoint_id = $2 AND state = 'RUNNING')`,
    [claim.ownerId, claim.endpointId, claim.shard],
  );
  if (!row) return null;
  return {
    ...row,
    untilKey: BigInt(row.untilKey),
    position: BigInt(row.position),
    ahead: row.ahead.map((key) => BigInt(key)),
  };
}

type Row = Omit<ReplayPart, 'untilKey' | 'position' | 'ahead'> & {
  untilKey: string;
  position: string;
  ahead: string[];
};

/** Writes progress and counts: within the fenced transaction, so that a worker that lost its lease counts nothing. */
export async function writeReplay(sql: Pick<Sql, 'rows'>, claim: Claim, changes: ReplayChanges): Promise<void> {
  const { progress, counts } = changes;
  for (const [replayId, { sent, failed, skipped }] of counts)
    await sql.rows(
      `/* countReplayed */
       UPDATE webhook_replay SET sent = sent + $3, failed = failed + $4, skipped = skipped + $5
       WHERE owner_id = $1 AND id = $2`,
      [claim.ownerId, replayId, sent, failed, skipped],
    );
  if (!progress) return;
  await sql.rows(
    `/* writeReplayPart */ UPDATE webhook_replay_part SET position = $4, ahead = $5::bigint[], done = $6
     WHERE owner_id = $1 AND replay_id = $2 AND shard = $3`,
    [
      claim.ownerId,
      progress.replayId,
      claim.shard,
      String(progress.position),
      progress.ahead.map(String),
      progress.done,
    ],
  );
  if (progress.done) await finishReplay(sql, claim.ownerId, progress.replayId);
}

/**
 * Ends a replay with its last part. Its row is locked first: of two shards that end at once, the second sees what the
 * first has written.
 */
async function finishReplay(sql: Pick<Sql, 'rows'>, ownerId: string, replayId: string): Promise<void> {
  await sql.rows('/* lockReplay */ SELECT FROM webhook_replay WHERE owner_id = $1 AND id = $2 FOR UPDATE', [
    ownerId,
    replayId,
  ]);
  await sql.rows(
    `/* finishReplay */
     UPDATE webhook_replay SET state = 'DONE', finished_at = clock_timestamp(),
       note = CASE WHEN kind = 'EVENTS' AND sent + failed + skipped < selected
         THEN (selected - sent - failed - skipped) || ' of the selected events left the feed before they could be sent: '
           || 'replay currentState to tell the receiver what they had told' END
     WHERE owner_id = $1 AND id = $2 AND state = 'RUNNING'
       AND NOT EXISTS (SELECT FROM webhook_replay_part WHERE owner_id = $1 AND replay_id = $2 AND NOT done)`,
    [ownerId, replayId],
  );
}
