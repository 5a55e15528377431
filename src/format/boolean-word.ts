/** The eight words of N43, in the order in which the message of N42 lists them. */
export const booleanWords = ['yes', 'no', 'y', 'n', 'true', 'false', '1', '0'] as const;

/** Reads a JSON boolean, the numbers 1 and 0, or one of the eight words in any case; null for anything else (N43). */
export function readBoolean(given: unknown): boolean | null {
  if (typeof given === 'boolean') return given;
  if (typeof given === 'number') return given === 1 ? true : given === 0 ? false : null;
  if (typeof given !== 'string') return null;
  return meanings.get(given.trim().toLowerCase()) ?? null;
}

const meanings = new Map<string, boolean>(booleanWords.map((word, index) => [word, index % 2 === 0]));
