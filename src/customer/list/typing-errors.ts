import { editsBetween } from '../../format/edits.js';

/** How many typing errors lie between a word and the nearest one of `others`. Null: more than `most` for each of them. */
export function typingErrors(word: string, others: Iterable<string>, most: number): number | null {
  let fewest: number | null = null;
  for (const other of others) {
    if (Math.abs(other.length - word.length) > most) continue;
    const errors = editsBetween(word, other);
    if (errors <= most && (fewest === null || errors < fewest)) fewest = errors;
  }
  return fewest;
}
