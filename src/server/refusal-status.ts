import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { Refusal, type RefusalCode } from '../errors.js';
import { RateLimited } from '../limits/points.js';

const statuses: Partial<Record<RefusalCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  DEADLINE_EXCEEDED: 503,
};

/** The HTTP status of a request that was refused as a whole. */
export const statusOf = (refusal: Refusal): number => statuses[refusal.code] ?? 400;

/** What the answer's head says beside the status. */
export function headersOf(refusal: Refusal): Map<string, string> {
  const headers = new Map<string, string>();
  if (refusal.code === 'UNAUTHENTICATED') headers.set('www-authenticate', 'Bearer');
  if (refusal instanceof RateLimited) headers.set('retry-after', String(refusal.retryAfterSeconds));
  return headers;
}

/** Runs what may refuse an operation within Apollo: it takes status and headers from the error. */
export function refusingOverHttp(judge: () => void): void {
  try {
    judge();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const http = { status: statusOf(error), headers: new HeaderMap(headersOf(error)) };
    throw new GraphQLError(error.message, { extensions: { ...error.extensions, http } });
  }
}
