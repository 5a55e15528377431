import type { NameStyle } from './customer-fields.js';
import { fieldRules } from './field-rules.js';

export interface FieldName {
  /** GraphQL's name, with its path (`adminUser.login`). */
  graphql: string;
  /** The door's name; null for a field that the door does not have. */
  netstorming: string | null;
  /** `N2` … `N38`; null for the hub's own fields. */
  rule: string | null;
}

/** The names of every field of a row in both worlds, in the order of the rule table (N2–N38). */
export const fieldNames: readonly FieldName[] = fieldRules.map(({ graphql, netstorming, rule }) => ({
  graphql,
  netstorming,
  rule,
}));

/**
 * The name that stands in a message: a field that only the writer can judge (`code` taken, `adminUser.login` taken)
 * in the words of whoever sent the row. A field that the door does not have keeps GraphQL's.
 */
export function nameOf(graphql: string, names: NameStyle): string {
  return names === 'graphql' ? graphql : (doorNames.get(graphql) ?? graphql);
}

const doorNames = new Map(fieldNames.map((field) => [field.graphql, field.netstorming]));
