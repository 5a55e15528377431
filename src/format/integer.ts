/**
 * Reads a JSON integer or the decimal digits of one as text. Gives null where it is no integer at all, and a value
 * beyond ±2^53 (then possibly rounded, possibly infinite) where it is one, so that the caller can tell the range apart.
 */
export function readInteger(given: unknown): number | null {
  if (typeof given === 'number') return Number.isInteger(given) ? given + 0 : null; // + 0 turns -0 into 0
  if (typeof given !== 'string') return null;
  const text = given.trim();
  return /^[+-]?\d+$/.test(text) ? Number(text) + 0 : null;
}

/** Limits of PostgreSQL's `integer`, the signed 32 bits of A27. */
export const int32 = { min: -2_147_483_648, max: 2_147_483_647 } as const;
