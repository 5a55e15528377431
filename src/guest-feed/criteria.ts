import type { GuestStay } from './guest-stay.js';

/** Of a feed, what decides whether anything is sent. */
export interface FeedState {
  /** The two switches of C3. */
  ownerActive: boolean;
  active: boolean;
  /** Why the hub has stopped it (A35). */
  stoppedReason: string | null;
  /** The earliest check-out that counts (A37); null before the first activation. */
  since: Date | null;
}

/** One rule of C3 and C5 (or a reading of them) about one stay: what is so, and whether it lets the stay be sent. */
export interface Criterion {
  rule: string;
  value: string;
  holds: boolean;
}

/** Rules about the feed: while one does not hold, nothing is sent, whatever the stays are like. */
export function judgeFeed(feed: FeedState): Criterion[] {
  return [
    { rule: 'ownerSwitch', value: feed.ownerActive ? 'on' : 'off', holds: feed.ownerActive },
    { rule: 'feedSwitch', value: feed.active ? 'on' : 'off', holds: feed.active },
    { rule: 'notStopped', value: feed.stoppedReason ?? 'not stopped', holds: feed.stoppedReason === null },
  ];
}

/**
 * Rules about a stay (C5, A32, A34, A35, A37, A44): the only place that knows them, for the run and for whoever asks why.
 * Marketing consent is none of them (A39). The values tell of the guest only what is there, never what it is.
 * `fingerprints`: of what would be sent now, in hex.
 */
export function judgeStay(stay: GuestStay, since: Date | null, fingerprints: readonly string[]): Criterion[] {
  const { mark } = stay;
  const refused = mark?.state === 'REFUSED';
  const changed = refused && !fingerprints.includes(mark.fingerprint);
  return [
    {
      rule: 'checkedOut',
      value: stay.deletedAt ? `${stay.status}, deleted` : stay.status,
      holds: stay.status === 'CHECKED_OUT' && stay.deletedAt === null,
    },
    { rule: 'email', value: stay.email ? 'given' : 'missing', holds: stay.email !== null },
    { rule: 'lastName', value: stay.lastName ? 'given' : 'missing', holds: stay.lastName !== null },
    { rule: 'notification', value: stay.notify ? 'on' : 'off', holds: stay.notify },
    {
      rule: 'checkedOutSinceActivation',
      value: `${stay.checkedOutAt?.toISOString() ?? 'no check-out'}, counted from ${since?.toISOString() ?? 'activation'}`,
      holds: since !== null && stay.checkedOutAt !== null && stay.checkedOutAt >= since,
    },
    {
      rule: 'notSentBefore',
      value: mark?.sentAt ? `sent ${mark.sentAt.toISOString()}` : 'not sent',
      holds: !mark?.sentAt,
    },
    {
      rule: 'notRefusedUnchanged',
      value: !refused
        ? 'not refused'
        : `refused ${mark.attemptedAt.toISOString()}, ${changed ? 'changed' : 'unchanged'} since`,
      holds: !refused || changed,
    },
    { rule: 'customerNotExcluded', value: stay.excluded ? 'excluded' : 'not excluded', holds: !stay.excluded },
  ];
}

export const allHold = (criteria: readonly Criterion[]): boolean => criteria.every(({ holds }) => holds);

/** Why a feed sends nothing, in words; null: it sends. */
export function whyFeedIsOff(feed: FeedState): string | null {
  if (!feed.ownerActive) return "the owner's guest feeds are switched off (guestFeedsActive)";
  if (!feed.active) return 'this feed is switched off (active)';
  return feed.stoppedReason === null ? null : `stopped: ${feed.stoppedReason}`;
}
