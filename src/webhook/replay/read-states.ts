import type { Sql } from '../../database/database.js';
import { shardSql, type ShardSlice } from '../shard-slice.js';
import type { StateEvent } from './state-event.js';

type Reads = Pick<Sql, 'rows'>;
type Row = Omit<StateEvent, 'pos' | 'reasons' | 'origin' | 'stateOf'> & { pos: string };

/** The newest event up to a position lends the state its id: one that is still to come must keep its own. */
const state = (customerId: string, upTo: string) => `
  c.id AS "customerId", c.version, clock_timestamp() AS "occurredAt", coalesce((SELECT max(f.pos) FROM feed f
    WHERE f.owner_id = $1 AND f.customer_id = ${customerId} AND f.pos <= ${upTo}), 0) AS pos`;

/** The states of up to `limit` customers by id, after `after` and up to `last`; excluded ones too, who become tombstones. */
export async function statesAfter(
  sql: Reads,
  range: {
    ownerId: string;
    replayId: string;
    after: bigint;
    last: bigint;
    ackedPos: bigint;
    slice: Pick<ShardSlice, 'shard' | 'shards'>;
  },
  limit: number,
): Promise<StateEvent[]> {
  const rows = await sql.rows<Row>(
    `/* statesAfter */ SELECT ${state('c.id', '$4')}
     FROM (SELECT id, version FROM customer
       WHERE owner_id = $1 AND id > $2 AND id <= $3 AND ${shardSql('id', '$6::int')} = $7 ORDER BY id LIMIT $5) AS c
     ORDER BY c.id`,
    [
      range.ownerId,
      String(range.after),
      String(range.last),
      String(range.ackedPos),
      limit,
      range.slice.shards,
      range.slice.shard,
    ],
  );
  return rows.map((row) => stateEvent(row, range.replayId));
}

/** The states of customers that are tried again; `before`: where the events begin that they wait for beside it. */
export async function statesOf(
  sql: Reads,
  ownerId: string,
  waiting: readonly { customerId: string; before: bigint; replayId: string }[],
): Promise<StateEvent[]> {
  if (waiting.length === 0) return [];
  const rows = await sql.rows<Row & { replayId: string }>(
    `/* statesOf */ SELECT ${state('c.id', 'w.before - 1')}, w.replay_id AS "replayId"
     FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS w (id, before, replay_id)
     JOIN customer c ON c.owner_id = $1 AND c.id = w.id`,
    [
      ownerId,
      waiting.map(({ customerId }) => customerId),
      waiting.map(({ before }) => String(before)),
      waiting.map(({ replayId }) => replayId),
    ],
  );
  return rows.map(({ replayId, ...row }) => stateEvent(row, replayId));
}

const stateEvent = (row: Row, replayId: string): StateEvent => ({
  ...row,
  ...{ pos: BigInt(row.pos), reasons: [], origin: null, stateOf: replayId },
});
