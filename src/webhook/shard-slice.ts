import { problem, type Problem } from '../errors.js';
import type { FeedEvent } from '../feed/feed-event.js';

export const maxShards = 16;

/** What an earlier division of the endpoint's customers had done when it ended: one position for each of its shards. */
export interface Handled {
  shards: number;
  /** Up to here all is delivered, filtered out or parked. */
  ackedPos: string[];
}

/** Of an endpoint's events those of one shard. */
export interface ShardSlice {
  shard: number;
  /** How many there are. */
  shards: number;
  handled: readonly Handled[];
}

/**
 * The shard of a customer, from 0: the middle bits of a product, since ids that are handed out in turn to several owners
 * would leave shards empty if they were divided as they are.
 */
export function shardOf(customerId: string, shards: number): number {
  return Number((((BigInt(customerId) % 2_147_483_648n) * 2_654_435_761n) % 4_294_967_296n) / 65_536n) % shards;
}

/** The same in SQL, for any expression. */
export const shardSql = (customerId: string, shards: string): string =>
  `((((${customerId} % 2147483648) * 2654435761) % 4294967296) / 65536 % ${shards})::smallint`;

/** Up to where the events of a customer were done with before the customers were divided anew. */
export const handledTo = ({ handled }: ShardSlice, customerId: string): bigint =>
  handled.reduce((last, { shards, ackedPos }) => {
    const pos = BigInt(ackedPos[shardOf(customerId, shards)]!);
    return pos > last ? pos : last;
  }, -1n);

/** Whether an event was. */
export const isHandled = (slice: ShardSlice, { pos, customerId }: Pick<FeedEvent, 'pos' | 'customerId'>): boolean =>
  pos <= handledTo(slice, customerId);

/** An endpoint as one of its shards may serve it: with its part of the limits, which together are never exceeded. */
export function shareOf<E extends { maxInFlight: number; ratePerSecond: number }>(
  endpoint: E,
  { shard, shards }: Pick<ShardSlice, 'shard' | 'shards'>,
): E {
  const { maxInFlight, ratePerSecond } = endpoint;
  const more = shard < maxInFlight % shards ? 1 : 0;
  return { ...endpoint, maxInFlight: Math.floor(maxInFlight / shards) + more, ratePerSecond: ratePerSecond / shards };
}

/** Judges what results: each shard needs a request of its own. */
export function shardProblems({ shards, maxInFlight }: { shards: number; maxInFlight: number }): Problem[] {
  if (shards < 1 || shards > maxShards)
    return [problem('OUT_OF_RANGE', 'shards', `invalid shards (1 to ${maxShards})`)];
  if (shards <= maxInFlight || maxInFlight < 1) return [];
  return [problem('OUT_OF_RANGE', 'shards', `invalid shards (at most maxInFlight, which is ${maxInFlight})`)];
}
