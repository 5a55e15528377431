/**
 * Ids as PostgreSQL's `int8multirange`: `{[1,4),[9,10)}` are 1, 2, 3 and 9. A bulk insert draws its ids one after another, so
 * ten thousand of them are a few ranges, stored and found for the price of one.
 */
export function rangesOf(ids: Iterable<string>): string {
  const sorted = [...ids].map(Number).sort((a, b) => a - b); // exact up to 2^53, more than any hub will count to
  const ranges: [first: number, end: number][] = [];
  for (const id of sorted) {
    const last = ranges.at(-1);
    if (last && id <= last[1]) last[1] = Math.max(last[1], id + 1);
    else ranges.push([id, id + 1]);
  }
  return `{${ranges.map(([first, end]) => `[${first},${end})`).join(',')}}`;
}

/** The first `most` ids of such a text, in ascending order. */
export function idsOf(ranges: string, most: number): string[] {
  const ids: string[] = [];
  for (const [, first, end] of ranges.matchAll(/\[(\d+),(\d+)\)/g))
    for (let id = Number(first); id < Number(end); id++) {
      if (ids.length === most) return ids;
      ids.push(String(id));
    }
  return ids;
}
