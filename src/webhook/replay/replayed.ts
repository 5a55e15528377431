import type { FeedEvent } from '../../feed/feed-event.js';
import type { Parked } from '../parked.js';
import type { ReplayItem } from './read-replay.js';
import type { ReplayWindow } from './replay-window.js';
import { isState } from './state-event.js';

/** What a request of a replay is sent for: these items, of one customer. */
export interface Replayed {
  window: ReplayWindow;
  items: ReplayItem[];
}

/** Whether a request is told as replayed (`webhook-replay: 1`): every one that a replay has asked for, its retries too. */
export const isReplayed = (job: { replay?: Replayed; parked: Parked | null }, event: FeedEvent): boolean =>
  job.replay !== undefined || (!!job.parked?.replay && (isState(event) || event.pos <= job.parked.replay.until));

/** The events that a customer waits with when they cannot be sent: a state has no position that it could wait for. */
export const eventsOf = ({ items }: Replayed): FeedEvent[] =>
  items.flatMap(({ event }) => (event && !isState(event) ? [event] : []));

/** How what a customer waits with is told from what happened by itself. */
export function markOf(replay: Replayed): NonNullable<Parked['replay']> {
  const state = replay.items.some(({ event }) => event !== null && isState(event));
  return { id: replay.window.part.replayId, until: last([0n, ...positions(replay)]), state };
}

/**
 * A parked customer that a replay's items wait with. Events before those that it waits for already are sent before
 * them, with all attempts anew; a dead one is alive again.
 */
export function behind(parked: Parked, replay: Replayed, now: Date): Parked {
  const firstPos = positions(replay).reduce((a, b) => (b < a ? b : a), parked.firstPos);
  const lastPos = last([parked.lastPos, ...positions(replay)]);
  const mark = markOf(replay);
  const dead = parked.state === 'DEAD';
  return {
    ...{ ...parked, firstPos, lastPos, state: 'RETRY' },
    attempt: dead || firstPos < parked.firstPos ? 0 : parked.attempt,
    nextAt: dead ? now : parked.nextAt,
    replay: {
      ...mark,
      until: last([mark.until, parked.replay?.until ?? 0n]),
      state: mark.state || (parked.replay?.state ?? false),
    },
  };
}

/**
 * Where what a customer waits with begins once its state has arrived. `sent`: as it was when the state was read: one that
 * was sent in place of events that have left the feed covers them.
 */
export const restBehindState = (parked: Parked, sent: Parked): bigint =>
  sent.replay?.state ? parked.firstPos : sent.lastPos + 1n;

export const withoutState = (replay: Parked['replay']): Parked['replay'] => replay && { ...replay, state: false };

const positions = (replay: Replayed): bigint[] => eventsOf(replay).map(({ pos }) => pos);

const last = (all: bigint[]): bigint => all.reduce((a, b) => (b > a ? b : a));
