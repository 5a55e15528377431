import type { AddressGuard } from './address-guard.js';
import { exchange } from './exchange.js';
import type { Outgoing } from './outgoing.js';
import { failureText } from './failure-text.js';
import { storableHead } from './response-head.js';
import { isEndpointFailure, isSuccess, retryAfterSeconds } from './retry.js';
import { addressNotAllowed } from './url-rule.js';

/** What became of one request. Never thrown: a failed delivery is an expected outcome. */
export interface SendResult {
  ok: boolean;
  /** Null: no answer came. */
  status: number | null;
  /** Null when ok; else in words that tell nothing of the hub's own network. */
  error: string | null;
  durationMs: number;
  /** The beginning of the answer's body, redacted, up to 4 KiB. */
  responseHead: string | null;
  retryAfterSeconds: number | null;
  /** The endpoint is to blame, not this customer's data (counts for the breaker). */
  endpointClass: boolean;
  timedOut: boolean;
}

/** All a receiver gets: connecting, sending and answering included. */
export const requestDeadlineMs = 15_000;

/**
 * Sends one request through the guard, with an outer deadline. Redirects are not followed; of the answer at most 16 KiB are
 * read. `signal` ends the request early (the worker stops, or lost its lease).
 */
export async function send(
  guard: AddressGuard,
  outgoing: Outgoing,
  options: { deadlineMs?: number; signal?: AbortSignal } = {},
): Promise<SendResult> {
  const { deadlineMs = requestDeadlineMs, signal } = options;
  // Without the query: a template may have made it longer than a URL may be when it is stored.
  if (guard.checkUrl(outgoing.url.split('?', 1)[0]!) !== null)
    return { ...failed, error: addressNotAllowed, endpointClass: true };
  const started = performance.now();
  const { status, body, retryAfter, error, timedOut } = await exchange(guard.agent, outgoing, { deadlineMs, signal });
  const durationMs = Math.round(performance.now() - started);
  if (error !== null) {
    // A success that was not told to its end in time is none, and the endpoint is to blame for it.
    const text = timedOut ? `timed out after ${deadlineMs / 1_000} s` : failureText(error);
    return { ...failed, status, error: text, durationMs, endpointClass: true, timedOut };
  }
  const responseHead = storableHead(body);
  if (isSuccess(status!)) return { ...failed, ok: true, status, durationMs, responseHead };
  return {
    ...{ ...failed, status, error: `answered ${status}`, durationMs, responseHead },
    retryAfterSeconds: retryAfterSeconds(retryAfter, new Date()),
    endpointClass: isEndpointFailure(status),
  };
}

const failed: SendResult = {
  ...{ ok: false, status: null, error: null, durationMs: 0, responseHead: null },
  ...{ retryAfterSeconds: null, endpointClass: false, timedOut: false },
};

/**
 * What becomes of a delivery whose template gives nothing that a receiver could read: a failure of this customer's data
 * (delivery-design B.7), so that it is tried again when that changes and holds up nobody else.
 */
export const notSent = (fault: string): SendResult => ({ ...failed, error: `not sent (template: ${fault})` });
