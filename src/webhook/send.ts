import { request, type Dispatcher } from 'undici';
import type { AddressGuard } from './address-guard.js';
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
const maxReadBytes = 16 * 1024;

/**
 * Sends one request through the guard. The deadline is an outer signal, since undici's own timeouts are idle timers that
 * a receiver dripping a byte at a time outlives. Redirects are not followed; of the answer at most 16 KiB are read.
 * `signal` ends the request early (the worker stops, or lost its lease).
 */
export async function send(
  guard: AddressGuard,
  outgoing: Outgoing,
  options: { deadlineMs?: number; signal?: AbortSignal } = {},
): Promise<SendResult> {
  const { deadlineMs = requestDeadlineMs } = options;
  const started = performance.now();
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  const result = (outcome: Partial<SendResult>): SendResult => ({
    ...{ ok: false, status: null, error: null, responseHead: null, retryAfterSeconds: null, timedOut: false },
    endpointClass: isEndpointFailure(outcome.status ?? null),
    durationMs: Math.round(performance.now() - started),
    ...outcome,
  });
  let status: number | null = null;
  try {
    // Without the query: a template may have made it longer than a URL may be when it is stored.
    if (guard.checkUrl(outgoing.url.split('?')[0]!) !== null) return result({ error: addressNotAllowed });
    const answer = await request(outgoing.url, {
      dispatcher: guard.agent,
      method: outgoing.method,
      headers: outgoing.headers,
      body: outgoing.body,
      signal,
      headersTimeout: deadlineMs,
      bodyTimeout: deadlineMs,
    });
    status = answer.statusCode;
    const head = await readHead(answer.body);
    if (isSuccess(status)) return result({ ok: true, status, responseHead: head, endpointClass: false });
    const retryAfter = retryAfterSeconds(headerText(answer.headers['retry-after']), new Date());
    return result({ status, error: `answered ${status}`, responseHead: head, retryAfterSeconds: retryAfter });
  } catch (error) {
    // A success that was not told to its end in time is none, and the endpoint is to blame for it.
    const text = deadline.aborted ? `timed out after ${deadlineMs / 1_000} s` : failureText(error);
    return result({ status, error: text, timedOut: deadline.aborted, endpointClass: true });
  }
}

/**
 * What becomes of a delivery whose template gives nothing that a receiver could read: a failure of this customer's data
 * (delivery-design B.7), so that it is tried again when that changes and holds up nobody else.
 */
export const notSent = (fault: string): SendResult => ({
  ...{ ok: false, status: null, error: `not sent (template: ${fault})`, durationMs: 0 },
  ...{ responseHead: null, retryAfterSeconds: null, endpointClass: false, timedOut: false },
});

async function readHead(body: Dispatcher.ResponseData['body']): Promise<string | null> {
  body.on('error', () => undefined); // destroyed below while data is still arriving
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= maxReadBytes) break; // leaving the loop destroys the body and its socket
  }
  return storableHead(Buffer.concat(chunks));
}

function headerText(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
