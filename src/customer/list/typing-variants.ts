const alphabet = [...'abcdefghijklmnopqrstuvwxyz0123456789'];

/** Of longer words there would be too many. */
const longest = 32;

/**
 * All that a word can have been meant for if one letter of it was left out, added, mistaken or swapped with its neighbour.
 * Null: its letters are of another script, or it is too long for all to be tried. `word`: in the form of `search_fold`.
 */
export function typingVariants(word: string): string[] | null {
  if (word.length > longest || !/^[\x21-\x7e]*$/.test(word)) return null;
  const variants = new Set<string>();
  for (let at = 0; at <= word.length; at++) {
    const [before, letter, after] = [word.slice(0, at), word.slice(at, at + 1), word.slice(at + 1)];
    for (const other of alphabet) variants.add(before + other + letter + after).add(before + other + after);
    variants.add(before + after).add(before + after.slice(0, 1) + letter + after.slice(1));
  }
  return [...variants];
}
