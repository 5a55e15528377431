/** Choices that look random and are the same in every run with the same seed. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed * 7_919 + 1;
  }

  /** From 0 up to 1. */
  next(): number {
    this.state = (this.state * 48_271) % 2_147_483_647;
    return this.state / 2_147_483_647;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!;
  }

  /** Up to `count` different ones, in any order. */
  some<T>(of: readonly T[], count: number): T[] {
    return [...new Set(Array.from({ length: count }, () => this.one(of)))];
  }
}
