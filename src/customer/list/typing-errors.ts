/**
 * How many typing errors lie between a word and the nearest one of `others`: letters left out, added, mistaken, or two
 * neighbours swapped (the "optimal string alignment" distance). Null: more than `most` for each of them.
 */
export function typingErrors(word: string, others: Iterable<string>, most: number): number | null {
  let fewest: number | null = null;
  for (const other of others) {
    if (Math.abs(other.length - word.length) > most) continue;
    const errors = distance(word, other);
    if (errors <= most && (fewest === null || errors < fewest)) fewest = errors;
  }
  return fewest;
}

function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        last[j]! + 1,
        row[j - 1]! + 1,
        last[j - 1]! + (same ? 0 : 1),
        swapped ? before[j - 2]! + 1 : Infinity,
      );
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
