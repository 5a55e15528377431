/** How many attempts an event gets before its customer is dead (delivery-design B.7). */
export const maxAttempts = 10;

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** What follows attempt 1, 2, … 9, in milliseconds, before the spread: 75 h 35 m in all. */
export const retryScheduleMs: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** What of a failed attempt decides how long to wait. */
export interface FailedAttempt {
  status: number | null;
  timedOut: boolean;
  /** As the receiver asked for (Retry-After), in seconds; null: it did not. */
  retryAfterSeconds: number | null;
}

/**
 * Milliseconds until the next attempt, or null when the attempts are used up. `attempt`: how many were made (≥ 1).
 * The base is spread by ±20 %, at least a minute after a timeout or 429; Retry-After counts within base and
 * max(2 · base, 1 h), so that no receiver can postpone a customer for good. `random` gives numbers in [0, 1).
 */
export function retryDelayMs(
  attempt: number,
  failure: FailedAttempt,
  random: () => number,
  schedule: readonly number[] = retryScheduleMs,
): number | null {
  if (attempt > schedule.length) return null;
  const base = schedule[attempt - 1]!;
  const patient = failure.timedOut || failure.status === 429;
  const spread = Math.round(base * (0.8 + 0.4 * random()));
  // At least a minute, but for the shortened schedules of tests, whose longest step may be less than that.
  const delay = patient ? Math.max(spread, Math.min(minute, schedule.at(-1)!)) : spread;
  if (failure.retryAfterSeconds === null) return delay;
  const asked = failure.retryAfterSeconds * second;
  return Math.max(delay, Math.min(Math.max(asked, base), Math.max(2 * base, hour)));
}

/** 200–299 is success; everything else, redirects included, is not. */
export const isSuccess = (status: number): boolean => status >= 200 && status <= 299;

/**
 * Whose fault a failure is: true blames the endpoint (it counts for the breaker), false this customer's data. No status
 * (DNS, connect, TLS, timeout, refused address) is the endpoint's.
 */
export function isEndpointFailure(status: number | null): boolean {
  if (status === null || status < 400 || status >= 500) return true;
  return [401, 403, 408, 410, 429].includes(status);
}

/**
 * Seconds from a Retry-After header (a number or an HTTP date), never negative; null when there is none or it cannot be
 * read. `now` decides for dates.
 */
export function retryAfterSeconds(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (!/^[A-Za-z]{3,9}, /.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now.getTime()) / second));
}
