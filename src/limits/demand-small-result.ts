import type { Context } from '../context.js';
import { LimitExceeded } from './limit-exceeded.js';
import { limits } from './limits.js';

/**
 * Judges the answer of a query, as text. That of a mutation is sent whatever its size: what it tells has been done.
 * @throws LimitExceeded
 */
export function demandSmallResult({ operation }: Context, text: string): void {
  const { most } = limits.resultBytes;
  if (operation !== 'query' || text.length * 3 <= most) return; // a UTF-16 unit is three bytes of UTF-8 at most
  const bytes = Buffer.byteLength(text);
  if (bytes > most) throw new LimitExceeded('BAD_USER_INPUT', 'resultBytes', bytes);
}
