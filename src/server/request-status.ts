import { json, type AnswerType } from './answer-type.js';

/** The status of each refusal that has one of its own; 400 for any other. */
export const statusOf: Partial<Record<string, number>> = { UNAUTHENTICATED: 401, FORBIDDEN: 403, RATE_LIMITED: 429 };

/**
 * The status of an operation that was refused as a whole, by the code of its error (GraphQL over HTTP, Status Codes):
 * what is wrong is in the status for who asks for GraphQL's own content type. In plain JSON it is 200, since any other
 * could come from something on the way, and a client would not trust the body; but for what clients and proxies act on
 * by the status alone. Null: the request was no operation, or the hub failed, and has its status already.
 */
export function requestStatus(code: unknown, type: AnswerType): number | null {
  if (typeof code !== 'string' || code === 'BAD_REQUEST' || code === 'INTERNAL_SERVER_ERROR') return null;
  return type === json && code !== 'RATE_LIMITED' ? 200 : (statusOf[code] ?? 400);
}
