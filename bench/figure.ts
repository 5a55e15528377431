/** One line of the result: what was measured, next to its limit where it has one. */
export interface Figure {
  name: string;
  value: string;
  limit?: string;
  /** Value in relation to the limit; 1 is the limit itself. */
  ratio?: number;
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
