interface Bucket {
  left: number;
  /** When that was so, in milliseconds of the clock. */
  at: number;
}

/**
 * Allowances by name, in memory: each fills up to `size` with `perSecond`. One process knows nothing of another: behind a
 * load balancer each of them grants as much.
 *
 * @param now milliseconds of a clock that only goes forward
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    readonly size: number,
    readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Takes so much of an allowance if it is there. Gives 0, else after how many milliseconds it will be: nothing was
   * taken then. More than all of it is given to who has all of it.
   */
  take(name: string, amount: number): number {
    const now = this.now();
    const bucket = this.buckets.get(name) ?? this.open(name, now);
    bucket.left = this.leftOf(bucket, now);
    bucket.at = now;
    const missing = Math.min(amount, this.size) - bucket.left;
    if (missing > 0) return Math.ceil((missing * 1_000) / this.perSecond);
    bucket.left = Math.max(0, bucket.left - amount);
    return 0;
  }

  /** How much there is right now. */
  left(name: string): number {
    const bucket = this.buckets.get(name);
    return bucket ? this.leftOf(bucket, this.now()) : this.size;
  }

  private leftOf({ left, at }: Bucket, now: number): number {
    return Math.min(this.size, left + ((now - at) * this.perSecond) / 1_000);
  }

  private open(name: string, now: number): Bucket {
    if (this.buckets.size >= mostBuckets) this.forgetFull(now);
    const bucket = { left: this.size, at: now };
    this.buckets.set(name, bucket);
    return bucket;
  }

  /** A full one says nothing. Where none is, those that were opened first have to go: memory has a bound. */
  private forgetFull(now: number): void {
    for (const [name, bucket] of this.buckets) if (this.leftOf(bucket, now) >= this.size) this.buckets.delete(name);
    for (const name of this.buckets.keys()) {
      if (this.buckets.size < mostBuckets) return;
      this.buckets.delete(name);
    }
  }
}

const mostBuckets = 10_000;
