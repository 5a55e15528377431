import type { CheckedRow } from '../bulk/rules.js';
import { caselessKey } from '../format/caseless.js';

/** What two rows cannot both have: codes, links and logins. Chunks that share one are written one after the other. */
export function chunkKeys(rows: readonly CheckedRow[]): Set<string> {
  const keys = new Set<string>();
  for (const { fields, externalReferences, login } of rows) {
    if (fields.code != null) keys.add(`code ${caselessKey(fields.code)}`);
    for (const { system, identifier } of externalReferences) keys.add(`${system.toUpperCase()} ${identifier}`);
    if (login !== undefined) keys.add(`login ${caselessKey(login)}`);
  }
  return keys;
}

export function share(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const key of some) if (others.has(key)) return true;
  return false;
}
