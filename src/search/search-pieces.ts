/** What separates the words of a text whose pieces are indexed (migration 0017). */
const separator = /[\n @.\-_/,&'()+:#]/;

const length = 5;
const stride = 2;

/** Words from here on are indexed as a whole. */
const shortestWhole = 3;

/** Far more tell no fewer customers. */
const mostOfPart = 16;

/**
 * Which pieces a text has in the index that has this in it: one of the alternatives, all of its pieces. A piece is
 * indexed from every other letter of a word on, and nobody knows at which letter of a word `part` begins: hence two of them,
 * unless it begins a word. Null: it is too short to be told by pieces. `part`: without spaces, in the form of `search_fold`.
 */
export function piecesOf(part: string): string[][] | null {
  const words = part.split(separator).map((word) => [...word]);
  const [first, ...others] = words;
  const known = others.flatMap((word, i) => (i < others.length - 1 ? whole(word) : from(0, word)));
  const alternatives = first!.length > length ? [0, 1].map((start) => [...from(start, first!), ...known]) : [known];
  return alternatives[0]!.length > 0 ? alternatives.map((pieces) => pieces.slice(0, mostOfPart)) : null;
}

/** Which of the parts that a text has all of are told by pieces. Of many the longest tell enough. */
export function toldByPieces(parts: string[]): string[] {
  const told = parts.filter((part) => piecesOf(part) !== null);
  return told.sort((a, b) => b.length - a.length).slice(0, mostParts);
}

/** The pieces of texts that have all of these parts, none of which is too short. Null: there are no parts. */
export function piecesOfAll(told: string[]): string[][] | null {
  if (told.length === 0) return null;
  return told
    .map((part) => piecesOf(part)!)
    .reduce((sets, alternatives) => sets.flatMap((set) => alternatives.map((more) => [...set, ...more])));
}

const mostParts = 3;

/**
 * Whether few can have it, whatever they are: it has six digits in a row, four of which differ. Where all numbers begin alike
 * with four of them, two are left, which one in a hundred has.
 */
export function isRareNumber(part: string): boolean {
  return [...part.matchAll(/\d{6,}/g)].some(([digits]) => new Set(digits).size >= 4);
}

/** Whether it can be a word of the index: one that is as long, and no more than one. */
export const isIndexedWord = (word: string): boolean => [...word].length >= shortestWhole && !separator.test(word);

const whole = (word: string[]): string[] => (word.length >= shortestWhole ? [word.join('')] : []);

function from(start: number, word: string[]): string[] {
  const count = Math.max(0, Math.floor((word.length - length - start) / stride) + 1);
  return Array.from({ length: count }, (_, i) => word.slice(start + stride * i, start + stride * i + length).join(''));
}
