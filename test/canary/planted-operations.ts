import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import type { Canaries } from './canaries.js';

export interface Operation {
  kind: 'query' | 'mutation' | 'subscription';
  name: string;
  query: string;
  variables: Record<string, unknown>;
}

/**
 * `plain`: texts where texts belong. `present`: the same, but of what there is: the first of each kind. `wrong`: what no leaf
 * takes, a text for a number and an object for a text.
 */
export type Manner = 'plain' | 'present' | 'wrong';

/** Of the owner that calls, and of a customer of his. */
const present: Record<string, string> = { ownerCode: 'ACME', owners: 'ACME', owner: 'ACME', code: 'zqcanaryW' };

/**
 * A call of every field of the schema's roots that takes something, with a canary in every leaf of its input: made from the schema,
 * so that what is added to it is planted too.
 */
export function plantedOperations(schema: GraphQLSchema, canaries: Canaries, manner: Manner): Operation[] {
  const roots = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  return Object.entries(roots).flatMap(([kind, root]) =>
    Object.values(root?.getFields() ?? {})
      .filter(({ args }) => args.length > 0)
      .map((field) => operationOf(kind as Operation['kind'], field, canaries, manner)),
  );
}

function operationOf(
  kind: Operation['kind'],
  field: GraphQLField<unknown, unknown>,
  canaries: Canaries,
  manner: Manner,
): Operation {
  const { name, args } = field;
  const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const planted = args.map((arg) => [arg.name, valueOf(arg.type, `${name}.${arg.name}`, canaries, manner, 0)]);
  const query = `${kind} (${declared}) { ${name}(${passed}) ${selectionOf(field.type)} }`;
  return { kind, name, query, variables: withoutClash(Object.fromEntries(planted) as Record<string, unknown>) };
}

/** A page has one end. */
function withoutClash({ last: _, before: __, ...variables }: Record<string, unknown>): Record<string, unknown> {
  return variables;
}

const deepest = 5;

function valueOf(type: GraphQLInputType, place: string, canaries: Canaries, manner: Manner, depth: number): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType, place, canaries, manner, depth);
  if (isListType(type)) return [valueOf(type.ofType, place, canaries, manner, depth)];
  if (isInputObjectType(type)) {
    if (depth >= deepest) return undefined;
    const fields = Object.values(type.getFields()).filter((field) => getNamedType(field.type) !== type);
    const taken = type.isOneOf ? fields.slice(0, 1) : fields;
    return Object.fromEntries(
      taken.map((field) => [field.name, valueOf(field.type, `${place}.${field.name}`, canaries, manner, depth + 1)]),
    );
  }
  const isText = !isEnumType(type) && !['Int', 'Float', 'Boolean'].includes(type.name);
  if (manner === 'wrong') return isText ? { [canaries.plant(place)]: canaries.plant(place) } : canaries.plant(place);
  if (manner === 'present' && type.name === 'ID') return '1';
  if (isText) return (manner === 'present' && present[place.split('.').at(-1)!]) || canaries.plant(place);
  if (isEnumType(type)) return type.getValues()[0]!.name;
  return type.name === 'Boolean' ? true : 1;
}

/** What went wrong where the answer tells it, else as little as there is. */
function selectionOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (isObjectType(named) && 'userErrors' in named.getFields()) return '{ userErrors { code field message } }';
  if (isObjectType(named) && 'nodes' in named.getFields()) return '{ nodes { __typename id: __typename } }';
  return '{ __typename }';
}
