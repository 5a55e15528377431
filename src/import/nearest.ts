import { editsBetween } from '../format/edits.js';

/** The word that was probably meant: the one with the fewest edits, if those are few for its length. */
export function nearest(given: string, words: Iterable<string>): string | undefined {
  const wanted = given.toLowerCase();
  let best: string | undefined;
  let fewest = Math.min(4, Math.ceil(wanted.length / 3)) + 1;
  for (const word of words) {
    const edits = editsBetween(wanted, word.toLowerCase());
    if (edits < fewest) [best, fewest] = [word, edits];
  }
  return best;
}
