import type { Caller } from '../access/caller.js';
import { Refusal } from '../errors.js';
import { TokenBuckets } from './token-buckets.js';

/** What an operation has cost, and what its key has left. */
export interface Spent {
  cost: number;
  left: number;
}

/** A key has spent its points. */
export class RateLimited extends Refusal {
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
    more: Record<string, unknown> = {},
  ) {
    super('RATE_LIMITED', message, { ...more, retryAfterSeconds });
  }
}

/** What an answer's head says beside the status 429; of any other error nothing. */
export const retryAfter = (error: unknown): Record<string, string> =>
  error instanceof RateLimited ? { 'retry-after': String(error.retryAfterSeconds) } : {};

/**
 * The points of each key: an allowance that fills up with time, from which its operations are paid. Of this process, in
 * memory. The operator's key is not rationed: it is there to put things right.
 */
export class Points {
  private readonly buckets: TokenBuckets | null;

  /** `perSecond` zero: nobody is rationed. */
  constructor({ burst, perSecond }: { burst: number; perSecond: number }, now?: () => number) {
    this.buckets = perSecond > 0 ? new TokenBuckets(burst, perSecond, now) : null;
  }

  /** Pays for an operation; null: without a bound. @throws RateLimited when there is not enough, and takes nothing */
  spend(caller: Caller, cost: number): Spent | null {
    if (!this.buckets || caller.kind === 'OPERATOR') return null;
    const name = `${caller.kind} ${caller.id}`;
    const waitMs = this.buckets.take(name, cost);
    const left = Math.floor(this.buckets.left(name));
    if (waitMs === 0) return { cost, left };
    const { size, perSecond } = this.buckets;
    const seconds = Math.ceil(waitMs / 1_000);
    throw new RateLimited(
      `this key has ${left} of its ${size} points left (${perSecond} come back each second), and the operation costs ${cost}: try again in ${seconds} s`,
      seconds,
      { cost: { cost, left } },
    );
  }
}
