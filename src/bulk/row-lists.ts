import type { Problem } from '../errors.js';
import { caselessKey } from '../format/caseless.js';
import { isAbsent } from '../format/text.js';
import type { ExternalReferenceFields } from './customer-fields.js';
import { type Check, Fault, text } from './field-checks.js';
import { invalid, missing } from './messages.js';
import { isObject } from '../format/json-object.js';

/** No customer has more labels or foreign keys than this; a longer list is a mistake of whoever wrote the export. */
const mostPerRow = 100;

/**
 * Judges `externalReferences`: a list of `{ system identifier }`, each part compulsory when the other is given (T4);
 * an entry with neither is skipped, a single entry is a list of one, as GraphQL coerces it.
 */
export function checkExternalReferences(given: unknown): {
  references: ExternalReferenceFields[];
  problems: Problem[];
} {
  const references: ExternalReferenceFields[] = [];
  const problems: Problem[] = [];
  for (const [path, entry] of entriesOf(given, 'externalReferences', problems)) {
    if (!isObject(entry)) {
      problems.push(invalid(path));
      continue;
    }
    const { system, identifier } = entry;
    if (isAbsent(system) && isAbsent(identifier)) continue;
    const ofSystem = judge(`${path}.system`, system, systemCheck, problems);
    const ofIdentifier = judge(`${path}.identifier`, identifier, identifierCheck, problems);
    if (ofSystem !== null && ofIdentifier !== null) references.push({ system: ofSystem, identifier: ofIdentifier });
  }
  return { references, problems };
}

/** Judges `tags`: names of 1–50 characters, trimmed; of spellings that differ only in case the first one stays. */
export function checkTags(given: unknown): { tags: string[]; problems: Problem[] } {
  const tags = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [path, entry] of entriesOf(given, 'tags', problems)) {
    const name = judge(path, entry, tagCheck, problems);
    if (name !== null && !tags.has(caselessKey(name))) tags.set(caselessKey(name), name);
  }
  return { tags: [...tags.values()], problems };
}

const identifierCheck = text(255);
const tagCheck = text(50);
const systemText = text(64);
/** The number of a system (T5) may come as a JSON number. */
const systemCheck: Check<string> = (given) => systemText(Number.isSafeInteger(given) ? String(given) : given);

/** The entries that are there, each with its path; a list that is too long is a problem of its own and has none. */
function entriesOf(given: unknown, name: string, problems: Problem[]): [string, unknown][] {
  if (isAbsent(given)) return [];
  const list: unknown[] = Array.isArray(given) ? given : [given];
  if (list.length > mostPerRow) {
    problems.push(invalid(name, 'TOO_LONG'));
    return [];
  }
  return list.map((entry, index): [string, unknown] => [`${name}.${index}`, entry]).filter(([, e]) => !isAbsent(e));
}

function judge<T>(path: string, given: unknown, check: Check<T>, problems: Problem[]): T | null {
  if (isAbsent(given)) {
    problems.push(missing(path));
    return null;
  }
  const value = check(given);
  if (!(value instanceof Fault)) return value;
  problems.push(invalid(path, value.code, value.validValues));
  return null;
}
