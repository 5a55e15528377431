import { Kind, visit, BREAK, type DocumentNode } from 'graphql';
import type { Caller } from '../access/caller.js';
import { Refusal } from '../errors.js';

/** The schema is shown to any key in development, in production to those with `schema:read`. @throws Refusal FORBIDDEN */
export function demandMayIntrospect(document: DocumentNode, caller: Caller, production: boolean): void {
  if (!production || caller.scopes.has('schema:read') || !introspects(document)) return;
  throw new Refusal('FORBIDDEN', 'introspection needs a key with the scope schema:read');
}

function introspects(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    [Kind.FIELD]: ({ name }) => {
      if (name.value !== '__schema' && name.value !== '__type') return undefined;
      found = true;
      return BREAK;
    },
  });
  return found;
}
