import type { GraphQLResolveInfo } from 'graphql';

export type Path = GraphQLResolveInfo['path'];

/** A part of an answer in JSON, now or later. */
export type Text = string | Promise<string>;

/** One execution. */
export interface Run {
  contextValue: unknown;
  variableValues: Record<string, unknown>;
  /** Arguments of fields, by their plan: made once for all parents of a list. */
  args: Map<object, Record<string, unknown>>;
}

/** Gives what a resolver gave as it stands in an answer. @throws Anomaly, and what the schema's types throw */
export type Complete = (value: unknown, path: Path | undefined, run: Run) => Text;

/** A field of an answer: how it is read from its parent, and completed. */
export interface Field {
  key: string;
  read: (source: object | undefined, path: Path, run: Run) => unknown;
  complete: Complete;
  /** Whether a resolver may look at the path, here or below; for plain data none is made. */
  needsPath: boolean;
}

/** An answer with an error in it: it is left to graphql-js, which does all by the book. */
export class Anomaly extends Error {}

const nothing = 'null';

export function completeLeaf(serialize: (value: unknown) => unknown): Complete {
  return (value) => {
    if (value === null || value === undefined) return nothing;
    if (value instanceof Error) throw value;
    const text = JSON.stringify(serialize(value)) as string | undefined;
    if (text === undefined || text === nothing) throw new Anomaly();
    return text;
  };
}

export function completeNonNull(complete: Complete): Complete {
  return (value, path, run) => {
    const text = complete(value, path, run);
    return typeof text === 'string' ? demandValue(text) : text.then(demandValue);
  };
}

export function completeList(complete: Complete, needsPath: boolean): Complete {
  return (value, path, run) => {
    if (value === null || value === undefined) return nothing;
    if (!Array.isArray(value)) throw new Anomaly();
    const texts = eachOf(value.length, (i) => {
      const at = needsPath ? { prev: path, key: i, typename: undefined } : undefined;
      return settled(value[i], (item) => complete(item, at, run));
    });
    return Array.isArray(texts) ? listText(texts) : texts.then(listText);
  };
}

export function completeObject(typename: string, fields: readonly Field[]): Complete {
  const read = readObject(typename, fields);
  return (source, path, run) => {
    if (source === null || source === undefined) return nothing;
    if (typeof source !== 'object' || source instanceof Error) throw new Anomaly();
    return read(source, path, run);
  };
}

/** The answer's text for an object of a type; `undefined` is the root. */
export function readObject(
  typename: string,
  fields: readonly Field[],
): (source: object | undefined, path: Path | undefined, run: Run) => Text {
  const names = fields.map(({ key }, i) => `${i === 0 ? '{' : ','}${JSON.stringify(key)}:`);
  const objectText = (texts: string[]): string => {
    let all = '';
    for (let i = 0; i < texts.length; i++) all += names[i]! + texts[i]!;
    return `${all || '{'}}`;
  };
  return (source, path, run) => {
    const texts = eachOf(fields.length, (i) => {
      const { key, read, complete, needsPath } = fields[i]!;
      const at = needsPath ? { prev: path, key, typename } : noPath;
      return settled(read(source, at, run), (value) => complete(value, at, run));
    });
    return Array.isArray(texts) ? objectText(texts) : texts.then(objectText);
  };
}

const demandValue = (text: string): string => {
  if (text === nothing) throw new Anomaly();
  return text;
};

const listText = (texts: string[]): string => `[${texts.join(',')}]`;

const noPath: Path = { prev: undefined, key: '', typename: undefined };

function settled(value: unknown, complete: (value: unknown) => Text): Text {
  return typeof (value as Promise<unknown> | null | undefined)?.then === 'function'
    ? (value as Promise<unknown>).then(complete)
    : complete(value);
}

/** All the texts; a promise only when one of them is. */
function eachOf(length: number, textOf: (i: number) => Text): string[] | Promise<string[]> {
  const texts: Text[] = [];
  let waits = false;
  try {
    for (let i = 0; i < length; i++) {
      const text = textOf(i);
      texts.push(text);
      waits ||= typeof text !== 'string';
    }
  } catch (error) {
    letGo(texts);
    throw error;
  }
  return waits ? Promise.all(texts as Promise<string>[]) : (texts as string[]); // of those that are there, it makes promises
}

/** Nobody waits for these any more: their failures are nobody's. */
function letGo(texts: Text[]): void {
  for (const text of texts) if (typeof text !== 'string') text.catch(() => undefined);
}
