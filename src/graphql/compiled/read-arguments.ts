import {
  getArgumentValues,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  valueFromAST,
  type FieldNode,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type ValueNode,
} from 'graphql';

export type Values = Record<string, unknown>;

/**
 * The arguments of a field as `getArgumentValues` gives them, with all that stands in the query itself decided once: it took more
 * than everything else that was done with a look-up's arguments. What is not plain and sound is left to it.
 */
export function argumentsReader(field: GraphQLField<unknown, unknown>, node: FieldNode): (variables: Values) => Values {
  const read = givenReader(field, node);
  return (variables) => read?.(variables) ?? getArgumentValues(field, node, variables);
}

/** Undefined: a variable was not given, or `getArgumentValues` has something to say about the value. */
type Read = (variables: Values) => unknown;

function givenReader(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): ((variables: Values) => Values | null) | null {
  const given = new Map(node.arguments?.map(({ name, value }) => [name.value, value]));
  const members = membersOf(field.args, given);
  return members && ((variables) => valuesOf(members, variables));
}

/** An argument, or a field of an input object. */
interface Member {
  name: string;
  read: Read;
  /** What it is where its variable was not given; undefined: left out. */
  otherwise: unknown;
  mayBeLeftOut: boolean;
}

/** Those that are given, or have a default; null: one cannot be decided here. */
function membersOf(
  defined: readonly { name: string; type: GraphQLInputType; defaultValue?: unknown }[],
  given: ReadonlyMap<string, ValueNode>,
): Member[] | null {
  const members: Member[] = [];
  for (const { name, type, defaultValue: otherwise } of defined) {
    const node = given.get(name);
    if (!node && otherwise === undefined && !isNonNullType(type)) continue;
    const read = node ? readerOf(node, type) : otherwise === undefined ? null : () => otherwise;
    if (!read) return null;
    members.push({ name, read, otherwise, mayBeLeftOut: node?.kind === Kind.VARIABLE && !isNonNullType(type) });
  }
  return members;
}

function valuesOf(members: readonly Member[], variables: Values): Values | null {
  const values = Object.create(null) as Values;
  for (const { name, read, otherwise, mayBeLeftOut } of members) {
    const value = read(variables);
    if (value !== undefined) values[name] = value;
    else if (!mayBeLeftOut) return null;
    else if (otherwise !== undefined) values[name] = otherwise;
  }
  return values;
}

function readerOf(node: ValueNode, type: GraphQLInputType): Read | null {
  const inner = isNonNullType(type) ? type.ofType : type;
  if (node.kind === Kind.VARIABLE) return variableReader(node.name.value, inner !== type);
  if (node.kind === Kind.NULL) return inner === type ? () => null : null;
  if (isListType(inner)) return node.kind === Kind.LIST ? listReader(node.values, inner.ofType) : null;
  if (isInputObjectType(inner)) return node.kind === Kind.OBJECT ? objectReader(node, inner) : null;
  if (node.kind === Kind.OBJECT || node.kind === Kind.LIST) return null; // of a scalar, which may have variables in it
  const value: unknown = valueFromAST(node, inner);
  if (typeof value === 'object' && value !== null) return () => valueFromAST(node, inner); // whoever is given it may change it
  return value === undefined ? null : () => value;
}

/** Its value was coerced with the others. */
function variableReader(name: string, nonNull: boolean): Read {
  return (variables) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return value === null && nonNull ? undefined : value;
  };
}

function listReader(nodes: readonly ValueNode[], type: GraphQLInputType): Read | null {
  const reads = nodes.map((node) => readerOf(node, type));
  if (!reads.every((read) => read !== null)) return null;
  return (variables) => {
    const values = reads.map((read) => read(variables));
    return values.includes(undefined) ? undefined : values;
  };
}

function objectReader({ fields }: ValueNode & { kind: Kind.OBJECT }, type: GraphQLInputObjectType): Read | null {
  const given = new Map(fields.map(({ name, value }) => [name.value, value]));
  const members = membersOf(Object.values(type.getFields()), given);
  if (!members || (type.isOneOf && members.length !== 1)) return null;
  return (variables) => {
    const values = valuesOf(members, variables);
    if (!values || (type.isOneOf && (values[members[0]!.name] ?? null) === null)) return undefined;
    return values;
  };
}
