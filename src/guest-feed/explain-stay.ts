import type { Sql } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import { isCleanText } from '../format/text.js';
import type { Secret } from '../secret.js';
import type { GuestFeedChannel } from './channel.js';
import { channels } from './channels.js';
import { allHold, judgeFeed, judgeStay, whyFeedIsOff } from './criteria.js';
import type { GuestFeedAttempt, GuestFeedExplanation } from './explanation.type.js';
import { fingerprintsOf } from './fingerprint.js';
import { stayByNumber, type StayMark } from './guest-stay.js';
import { loadServedFeed } from './served-feed.js';

/**
 * Why a stay is, or is not, sent by a feed: the verdicts by which a run decides, as they are now (C9). Tells nothing of
 * the guest but what is missing. @throws Rejected NOT_FOUND for an unknown feed or booking
 */
export async function explainStay(
  sql: Pick<Sql, 'rows'>,
  secret: Secret,
  place: { ownerId: string; feedId: string },
  bookingNumber: string,
): Promise<GuestFeedExplanation> {
  const feed = await loadServedFeed(sql, secret, place);
  if (!feed) throw new Rejected([problem('NOT_FOUND', 'feedId', 'invalid feedId (no such guest feed)')]);
  const number = bookingNumber.trim();
  const stay = isCleanText(number) ? await stayByNumber(sql, place, number) : null;
  if (!stay) throw new Rejected([problem('NOT_FOUND', 'bookingNumber', 'invalid bookingNumber (no such booking)')]);
  const channel: GuestFeedChannel = channels[feed.kind];
  const fingerprints = fingerprintsOf(secret, channel.compose(feed.account, stay).body);
  const rules = [...judgeFeed(feed), ...judgeStay(stay, feed.since, fingerprints)];
  return {
    willSend: allHold(rules),
    rules,
    lastAttempt: stay.mark && attemptOf(stay.mark),
    nextRunAt: whyFeedIsOff(feed) === null ? feed.dueAt : null,
  };
}

const attemptOf = ({ state, attemptedAt, status, error }: StayMark): GuestFeedAttempt => ({
  at: attemptedAt,
  status,
  error: state === 'SENDING' ? 'the outcome is not known: under way, or interrupted; then it is sent again' : error,
});
