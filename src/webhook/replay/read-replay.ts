import type { Sql } from '../../database/database.js';
import type { FeedEvent } from '../../feed/feed-event.js';
import { windowSize } from '../event-window.js';
import type { ParkedCustomers } from '../parked.js';
import { shardSql, type ShardSlice } from '../shard-slice.js';
import type { ReplayPart } from './replay-part.js';
import { statesAfter } from './read-states.js';

/** One thing that a replay sends: an event, a state, or (null) what a dead customer waits with. */
export interface ReplayItem {
  key: bigint;
  customerId: string;
  event: FeedEvent | null;
}

export interface ReplayPage {
  items: ReplayItem[];
  /** All up to here was read. */
  readKey: bigint;
}

/**
 * The key up to which a replay may be read. `ackedPos`: where live delivery stands; events beyond it come by themselves
 * first, so that of a customer nothing is overtaken.
 */
export const reachOf = ({ kind, untilKey }: ReplayPart, ackedPos: bigint): bigint =>
  kind === 'EVENTS' && ackedPos < untilKey ? ackedPos : untilKey;

/** The next of what a replay selects, up to 256, in the order of its keys. */
export async function readReplay(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  part: ReplayPart,
  place: { readKey: bigint; ackedPos: bigint; parked: ParkedCustomers; slice: Slice },
): Promise<ReplayPage> {
  const { readKey, ackedPos } = place;
  const until = reachOf(part, ackedPos);
  const items = await readers[part.kind](sql, ownerId, part, { ...place, after: readKey, until });
  return { items, readKey: items.length < windowSize ? until : items.at(-1)!.key };
}

type Slice = Pick<ShardSlice, 'shard' | 'shards'>;

interface Range {
  after: bigint;
  until: bigint;
  ackedPos: bigint;
  parked: ParkedCustomers;
  slice: Slice;
}

type Reader = (sql: Pick<Sql, 'rows'>, ownerId: string, part: ReplayPart, range: Range) => Promise<ReplayItem[]>;

const readers: Record<ReplayPart['kind'], Reader> = {
  EVENTS: async (sql, ownerId, { customerId, since, until }, range) => {
    const rows = await sql.rows<Omit<FeedEvent, 'pos'> & { pos: string }>(
      `/* readReplayedEvents */
       SELECT pos, customer_id AS "customerId", version, reasons, origin, occurred_at AS "occurredAt" FROM feed
       WHERE owner_id = $1 AND pos > $2 AND pos <= $3 AND ${selectedEvents('$4', '$5', '$6')}
         AND ${shardSql('customer_id', '$8::int')} = $9 ORDER BY pos LIMIT $7`,
      [
        ...[ownerId, String(range.after), String(range.until), customerId, since, until, windowSize],
        ...[range.slice.shards, range.slice.shard],
      ],
    );
    return rows.map((row) => {
      const event = { ...row, pos: BigInt(row.pos) };
      return { key: event.pos, customerId: event.customerId, event };
    });
  },
  CURRENT_STATE: async (sql, ownerId, { replayId }, { after, until, ackedPos, slice }) => {
    const range = { ownerId, replayId, after, last: until, ackedPos, slice };
    const states = await statesAfter(sql, range, windowSize);
    return states.map((event) => ({ key: BigInt(event.customerId), customerId: event.customerId, event }));
  },
  DEAD: (_sql, _ownerId, _part, { after, until, parked }) => {
    const dead = parked.dead().map(({ customerId }) => ({ key: BigInt(customerId), customerId, event: null }));
    const rest = dead.filter(({ key }) => key > after && key <= until).sort((a, b) => (a.key < b.key ? -1 : 1));
    return Promise.resolve(rest.slice(0, windowSize));
  },
};

/** Which events a customer and a time range select, as SQL over `feed`; a null parameter does not restrict. */
export const selectedEvents = (customerId: string, since: string, until: string): string =>
  `(${customerId}::bigint IS NULL OR customer_id = ${customerId}) AND (${since}::timestamptz IS NULL OR occurred_at >= ${since})
   AND (${until}::timestamptz IS NULL OR occurred_at <= ${until})`;
