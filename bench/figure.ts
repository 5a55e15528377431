/** One line of the result: what was measured, next to its limit where it has one. */
export interface Figure {
  name: string;
  value: string;
  limit?: string;
  /** Value in relation to the limit; 1 is the limit itself. Of growth: how many times the smaller one's cost. */
  ratio?: number;
  /** The ratio of each round by itself, the smallest and the largest. */
  spread?: string;
  /** The hub's processor time for one request. */
  hubCpu?: string;
}

export const median = (values: number[]): number => quantile(values, 0.5);

export function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}

/** Milliseconds of some work. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

export const round2 = (value: number): number => Math.round(value * 100) / 100;

/** The smallest and the largest of some ratios. */
export const spreadOf = (ratios: number[]): string =>
  `${round2(Math.min(...ratios)).toFixed(2)}–${round2(Math.max(...ratios)).toFixed(2)}`;
