import { Refusal } from '../errors.js';
import { retryAfter } from '../limits/points.js';
import { PlaceLost } from './operation-place.js';
import { ImportRefused, type ImportCode } from './refused.js';

/** What is wrong with the file itself: sent again as it is, it would end there again. */
const ofTheFile = new Set<ImportCode>(['MALFORMED_FILE', 'TRUNCATED', 'LIMIT_EXCEEDED']);

/** The state that fits an import that ended early, and why in words; no state: it belongs to somebody else by now. */
export function endOf(error: unknown): { state: 'FAILED' | 'INTERRUPTED' | null; note: string } {
  if (error instanceof PlaceLost) return { state: null, note: '' };
  if (!(error instanceof ImportRefused)) return { state: 'INTERRUPTED', note: 'an internal error, see the log' };
  if (error.code === 'IDEMPOTENCY_KEY_REUSED')
    return { state: 'INTERRUPTED', note: 'a file with another content was sent with its idempotencyKey, and refused' };
  return { state: ofTheFile.has(error.code) ? 'FAILED' : 'INTERRUPTED', note: error.message };
}

/** What to tell the sender; undefined for an error that nobody expected. `cancelled`: somebody ended the operation. */
export function refusalOf(error: unknown, cancelled: boolean): ImportRefused | undefined {
  if (error instanceof ImportRefused) return error;
  if (error instanceof PlaceLost)
    return cancelled
      ? new ImportRefused(409, 'CANCELLED', 'the operation was cancelled; what had been written stays written')
      : new ImportRefused(409, 'IN_PROGRESS', 'another request goes on with this idempotencyKey');
  if (!(error instanceof Refusal)) return undefined;
  const status = { UNAUTHENTICATED: 401, FORBIDDEN: 403, RATE_LIMITED: 429 } as const;
  const known = status[error.code as keyof typeof status] ?? 400;
  return new ImportRefused(known, error.code, error.message, null, retryAfter(error));
}
