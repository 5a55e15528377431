import { Refusal, type RefusalCode } from '../errors.js';
import { RateLimited } from '../limits/points.js';
import { json, type AnswerType } from './answer-type.js';

const statuses: Partial<Record<RefusalCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  DEADLINE_EXCEEDED: 503,
};

/** Of these clients and proxies take note by the status alone. */
const heededStatuses: ReadonlySet<number> = new Set([429, 503]);

/** The HTTP status of a request that was refused as a whole. */
export const statusOf = (code: string): number => statuses[code as RefusalCode] ?? 400;

/**
 * The status of an operation that was refused as a whole, by the code of its error (GraphQL over HTTP, Status Codes):
 * what is wrong is in the status for who asks for GraphQL's own content type. In plain JSON it is 200, since any other
 * could come from something on the way, and a client would not trust the body; but for those that are heeded.
 * Null: the request was no operation, or the hub failed, and has its status already.
 */
export function requestStatus(code: unknown, type: AnswerType): number | null {
  if (typeof code !== 'string' || code === 'BAD_REQUEST' || code === 'INTERNAL_SERVER_ERROR') return null;
  const status = statusOf(code);
  return type === json && !heededStatuses.has(status) ? 200 : status;
}

/** What the answer's head says beside the status. */
export function headersOf(error: unknown): Map<string, string> {
  const headers = new Map<string, string>();
  if (error instanceof Refusal && error.code === 'UNAUTHENTICATED') headers.set('www-authenticate', 'Bearer');
  if (error instanceof RateLimited) headers.set('retry-after', String(error.retryAfterSeconds));
  return headers;
}
