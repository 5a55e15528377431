/** One place where two bodies differ. Null: there is nothing at this place. */
export interface Difference {
  /** Of JSON: `CUSTOMERTAGS.0.CUSTOMERTAGVALUE`, blank for the whole; else `line 3`, or of a form `pair 3`. */
  path: string;
  before: string | null;
  after: string | null;
}

/** More are not told: by then it is another body altogether. */
export const maxDifferences = 500;

/**
 * Where two bodies differ: of two JSON bodies the values by path, as JSON; of others the lines, of forms the pairs,
 * between the parts that are the same at the beginning and at the end.
 */
export function differencesOf(before: string, after: string, format: { name: string }): Difference[] {
  if (before === after) return [];
  const json = format.name === 'JSON' ? [parsed(before), parsed(after)] : [];
  if (json[0] && json[1]) return [...byPath('', json[0].value, json[1].value)].slice(0, maxDifferences);
  const [what, separator] = ['form', 'query'].includes(format.name) ? ['pair', '&'] : ['line', /\r\n|\n|\r/];
  return byPiece(what, before.split(separator), after.split(separator)).slice(0, maxDifferences);
}

function parsed(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

function* byPath(path: string, before: unknown, after: unknown): Generator<Difference> {
  const [a, b] = [membersOf(before), membersOf(after)];
  if (!a || !b || Array.isArray(before) !== Array.isArray(after)) {
    if (jsonText(before) !== jsonText(after)) yield { path, before: jsonText(before), after: jsonText(after) };
    return;
  }
  for (const name of new Set([...a.keys(), ...b.keys()]))
    yield* byPath(path === '' ? name : `${path}.${name}`, a.get(name), b.get(name));
}

const membersOf = (value: unknown): Map<string, unknown> | null =>
  typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : null;

const jsonText = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

function byPiece(what: string, before: string[], after: string[]): Difference[] {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) same += 1;
  let end = 0;
  while (end < shorter - same && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const differing = Math.max(before.length, after.length) - end - same;
  return Array.from({ length: differing }, (_, i) => ({
    path: `${what} ${same + i + 1}`,
    before: same + i < before.length - end ? before[same + i]! : null,
    after: same + i < after.length - end ? after[same + i]! : null,
  })).filter((difference) => difference.before !== difference.after);
}
