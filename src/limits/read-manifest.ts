import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isObject } from '../format/json-object.js';

/** A manifest of operations as it was read. */
export interface Manifest {
  /** Texts by the ids that they are sent by. */
  texts: ReadonlyMap<string, string>;
  /** What is wrong with the file, a line for each; none: it can be used. */
  mistakes: string[];
}

/**
 * Reads the file that a client's build has written: `{ "<id>": "<text>" }`, as Relay's compiler makes it, or a
 * persisted-query manifest of Apollo's. An id of 64 hexadecimal digits has to be the SHA-256 of its text.
 */
export function readManifest(file: string): Manifest {
  const given = parsed(file);
  if ('mistake' in given) return { texts: new Map(), mistakes: [given.mistake] };
  const entries = entriesOf(given.json);
  if (!entries) return { texts: new Map(), mistakes: [formRule] };
  const texts = new Map<string, string>();
  const mistakes: string[] = [];
  for (const [place, id, text] of entries) {
    const mistake = faultOf(id, text) ?? (texts.has(id as string) ? 'has this id a second time' : null);
    if (mistake) mistakes.push(`${place}: ${mistake}`);
    else texts.set(id as string, text as string);
  }
  return { texts, mistakes };
}

/** As it is told by `extensions.persistedQuery.sha256Hash`. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

type Entry = [place: string, id: unknown, text: unknown];

const apolloFormat = 'apollo-persisted-query-manifest';

const formRule = `must be { "<sha256 of the text>": "<text>" } or a manifest of Apollo's (format ${apolloFormat}, version 1)`;

/** V8 quotes the text around a fault; the place is enough. */
function parsed(file: string): { json: unknown } | { mistake: string } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { mistake: code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${message}` };
  }
  try {
    return { json: JSON.parse(text) as unknown };
  } catch (error) {
    const place = /position \d+( \(line \d+ column \d+\))?/.exec((error as Error).message)?.[0];
    return { mistake: `is not JSON${place ? `: it breaks at ${place}` : ''}` };
  }
}

/** Null: neither form. */
function entriesOf(json: unknown): Entry[] | null {
  if (!isObject(json)) return null;
  if (!('format' in json)) return Object.entries(json).map(([id, text]) => [id || 'an empty id', id, text]);
  const { format, version, operations } = json;
  if (format !== apolloFormat || version !== 1 || !Array.isArray(operations)) return null;
  return operations.map((one: unknown, i) => {
    const { id, body } = isObject(one) ? one : {};
    return [typeof id === 'string' && id ? id : `operations[${i}]`, id, body];
  });
}

function faultOf(id: unknown, text: unknown): string | null {
  if (typeof id !== 'string' || id === '') return 'has no id';
  if (typeof text !== 'string' || text === '') return 'has no text';
  if (/^[0-9a-f]{64}$/i.test(id) && id !== hashOf(text))
    return `is not the SHA-256 of its text, which is ${hashOf(text)}`;
  return null;
}
