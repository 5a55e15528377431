import { isIPv6 } from 'node:net';
import { Refusal } from '../errors.js';
import { limits } from './limits.js';
import { RateLimited } from './points.js';
import { TokenBuckets } from './token-buckets.js';

/**
 * Wrong keys by the address that they come from. Who sends too many is told to wait, instead of that they are wrong; a key
 * that is good is taken from any address at any time, so that nobody locks out who shares theirs.
 */
export class WrongKeys {
  private readonly allowed = new TokenBuckets(limits.wrongKeys.most, limits.wrongKeys.most / 60);

  /**
   * Runs what finds out who calls. Who shows no key at all does not guess.
   * @throws what it throws, and RateLimited after too many wrong keys
   */
  async from<T>(address: string | undefined, given: unknown, identify: () => Promise<T>): Promise<T> {
    try {
      return await identify();
    } catch (error) {
      if (error instanceof Refusal && error.code === 'UNAUTHENTICATED' && given) this.count(address ?? 'unknown');
      throw error;
    }
  }

  private count(address: string): void {
    const waitMs = this.allowed.take(networkOf(address), 1);
    if (waitMs === 0) return;
    const seconds = Math.ceil(waitMs / 1_000);
    throw new RateLimited(`too many wrong keys from this address: try again in ${seconds} s`, seconds);
  }
}

/** One subscriber of IPv6 has 2^64 addresses. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [left = '', right = ''] = address.split('::') as [string, string?];
  const groups = left.split(':').filter(Boolean);
  const rest = right.split(':').filter(Boolean);
  const all = [...groups, ...Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0'), ...rest];
  return all.slice(0, 4).join(':');
}
