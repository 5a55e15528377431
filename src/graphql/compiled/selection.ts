import {
  getNamedType,
  isAbstractType,
  isObjectType,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, type Fragments } from './collect-fields.js';

/** A field of an answer. */
export interface Selected {
  /** The name under which it is answered. */
  key: string;
  /** Null for `__typename`. */
  field: GraphQLField<unknown, unknown> | null;
  parentType: GraphQLObjectType;
  nodes: FieldNode[];
  /** The fields of its object or objects; null for a leaf. */
  fields: Selected[] | null;
}

/** A query that only graphql-js executes: it asks about the schema, or for types that are known by their values. */
export class NotCompiled extends Error {}

/**
 * What a query selects, with the fragments put in and `@skip` and `@include` decided by `variables`. @throws NotCompiled
 */
export function selectionOf(
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  fragments: Fragments,
  variables: Record<string, unknown>,
): Selected[] {
  if (type.isTypeOf) throw new NotCompiled();
  return [...collectFields(sets, fragments, variables)].map(([key, nodes]) => {
    if (key === '__proto__') throw new NotCompiled(); // no name for a property
    const name = nodes[0]!.name.value;
    if (name === '__typename') return { key, field: null, parentType: type, nodes, fields: null };
    const field = type.getFields()[name];
    if (!field) throw new NotCompiled();
    const inner = getNamedType(field.type);
    if (isAbstractType(inner)) throw new NotCompiled();
    const below = nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
    const fields = isObjectType(inner) ? selectionOf(inner, below, fragments, variables) : null;
    return { key, field, parentType: type, nodes, fields };
  });
}
