import { shaped, text, type Check } from '../bulk/field-checks.js';
import { invalid, missing } from '../bulk/messages.js';
import { Rejected, problem, type Problem } from '../errors.js';
import { isAbsent } from '../format/text.js';
import type { AddressGuard } from '../webhook/address-guard.js';
import type { FeedAccount } from './channel.js';
import { defaultKind } from './channels.js';
import type { GuestFeed } from './guest-feed.entity.js';
import type { GuestFeedInput } from './guest-feed.input.js';
import { defaultSchedule, scheduleProblem } from './schedule.js';

/** Of a feed, what its owner decides. */
export type FeedSettings = Pick<GuestFeed, 'kind' | 'name' | 'baseUrl' | 'schedule' | 'active' | 'lookBackDays'>;

/** The credentials that were given; null: the stored one stays. */
export type GivenSecrets = { [Name in SecretName]: string | null };
export type SecretName = keyof Pick<FeedAccount, 'hotelId' | 'accessKey'>;

const defaults = { kind: defaultKind, schedule: defaultSchedule, active: false, lookBackDays: 0 };
const maxLookBackDays = 365;

/**
 * The settings that an input asks for: left out keeps what `present` has (a new feed: the default), null restores the
 * default. Credentials go to a service once it was named together with them: another origin needs them anew, so that
 * nobody who cannot see them has them sent elsewhere. @throws Rejected with every problem at once
 */
export function settingsOf(
  input: GuestFeedInput,
  guard: Pick<AddressGuard, 'checkUrl'>,
  at: Date,
  present: FeedSettings | null,
): { settings: FeedSettings; secrets: GivenSecrets } {
  const problems: Problem[] = [];
  const name = required('name', input.name, text(100), problems);
  const wrongUrl = guard.checkUrl(input.baseUrl.trim());
  if (wrongUrl) problems.push(problem('INVALID', 'baseUrl', `invalid baseUrl (${wrongUrl})`));
  const keeps = present !== null && !wrongUrl && isSameOrigin(present.baseUrl, input.baseUrl);
  const secrets = {
    hotelId: secretOf('hotelId', input.hotelId, text(100), keeps, problems),
    accessKey: secretOf('accessKey', input.accessKey, shaped(/^[\x21-\x7e]+$/, 1, 255), keeps, problems),
  };
  const base = present ?? defaults;
  const schedule = chosen(
    input.schedule && input.schedule.trim().replace(/\s+/g, ' '),
    base.schedule,
    defaults.schedule,
  );
  const wrongSchedule = scheduleProblem(schedule, at);
  if (wrongSchedule) problems.push(problem('INVALID', 'schedule', `invalid schedule (${wrongSchedule})`));
  const lookBackDays = chosen(input.lookBackDays, base.lookBackDays, defaults.lookBackDays);
  if (lookBackDays < 0 || lookBackDays > maxLookBackDays)
    problems.push(problem('OUT_OF_RANGE', 'lookBackDays', `invalid lookBackDays (0 to ${maxLookBackDays})`));
  if (problems.length > 0) throw new Rejected(problems);
  const kind = chosen(input.kind, base.kind, defaults.kind);
  const active = chosen(input.active, base.active, defaults.active);
  return { settings: { kind, name, baseUrl: input.baseUrl.trim(), schedule, active, lookBackDays }, secrets };
}

function required(field: string, given: string, check: Check<string>, problems: Problem[]): string {
  const value = isAbsent(given) ? null : check(given);
  if (typeof value === 'string') return value;
  problems.push(value === null ? missing(field) : invalid(field, value.code));
  return '';
}

/** Null: the stored one stays. */
function secretOf(
  field: SecretName,
  given: string,
  check: Check<string>,
  mayStay: boolean,
  problems: Problem[],
): string | null {
  return mayStay && isAbsent(given) ? null : required(field, given, check, problems);
}

const isSameOrigin = (stored: string, given: string): boolean => new URL(stored).origin === new URL(given).origin;

const chosen = <T>(given: T | null | undefined, present: T, byDefault: T): T =>
  given === undefined ? present : (given ?? byDefault);
