import { createHmac } from 'node:crypto';
import { Rejected, problem } from '../errors.js';
import type { Write } from '../write.js';

export interface IdempotentCall {
  /** Name of the mutation: each has keys of its own. */
  operation: string;
  key: string;
  /** What the caller asked for; the same key with another request is refused. */
  request: unknown;
  /**
   * Key the stored hash of a request that holds passwords: whoever tried them out against a plain one would be fast (A28).
   * The first one makes it, the others know those again that were made under an older secret.
   */
  hashKeys?: readonly Buffer[];
}

/**
 * Does the work once for a key: the answer is stored in the transaction of the work, and given again to the same
 * request. So a client whose connection broke during the commit repeats the call and learns what became of it.
 * @throws Rejected IDEMPOTENCY_KEY_REUSED for another request, IN_PROGRESS while the first one is at work
 */
export async function once<T>(tx: Write, call: IdempotentCall | null, work: () => Promise<T>): Promise<T> {
  if (!call) return work();
  const field = 'idempotencyKey';
  if (call.key === '' || call.key.length > 255 || call.key.includes('\0'))
    throw new Rejected([problem('INVALID', field, 'invalid idempotencyKey (1 to 255 characters)')]);
  const [lock] = await tx.rows<{ got: boolean }>(
    '/* lockIdempotencyKey */ SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS got',
    [`${tx.ownerId}|${call.operation}|${call.key}`],
  );
  if (!lock!.got)
    throw new Rejected([
      problem('IN_PROGRESS', field, 'a call with this idempotencyKey is at work: ask again in a moment'),
    ]);
  const request = canonical(call.request);
  const hashes = (call.hashKeys ?? ['']).map((key) => createHmac('sha256', key).update(request).digest());
  const [stored] = await tx.rows<{ hash: Buffer; response: T }>(
    `/* findIdempotencyKey */ SELECT request_hash AS hash, response FROM idempotency
     WHERE owner_id = $1 AND operation = $2 AND key = $3`,
    [tx.ownerId, call.operation, call.key],
  );
  if (stored && !hashes.some((hash) => hash.equals(stored.hash)))
    throw new Rejected([problem('IDEMPOTENCY_KEY_REUSED', field, 'this idempotencyKey was used for another request')]);
  if (stored) return stored.response;
  const response = await work();
  await tx.rows(
    '/* storeIdempotencyKey */ INSERT INTO idempotency (owner_id, operation, key, request_hash, response) VALUES ($1, $2, $3, $4, $5)',
    [tx.ownerId, call.operation, call.key, hashes[0], JSON.stringify(response)],
  );
  return response;
}

/** JSON with the keys of every object in order: the same request has the same text, however it was written. */
const canonical = (request: unknown): string => JSON.stringify(inOrder(request, 0));

/** No request says anything this deep. What does is rejected whatever it is, so its place alone is enough. */
const deepest = 16;

function inOrder(part: unknown, depth: number): unknown {
  if (part === null || typeof part !== 'object') return part;
  if (part instanceof Date) return part.toJSON();
  if (depth === deepest) return '…';
  if (Array.isArray(part)) return part.map((entry) => inOrder(entry, depth + 1));
  const entries = Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, inOrder(value, depth + 1)]));
}
