/** A place in a text for people: `line 3, column 7`, both counted from 1, columns in characters. */
export function placeText(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  return `line ${before.length}, column ${[...before.at(-1)!].length + 1}`;
}
