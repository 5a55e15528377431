import {
  getVariableValues,
  isLeafType,
  isNonNullType,
  typeFromAST,
  valueFromAST,
  type GraphQLLeafType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';

type Values = Record<string, unknown>;

/**
 * The variables of an operation as `getVariableValues` coerces them, with their types found once; null for what is not sound. Those
 * that are lists or objects are left to it.
 */
export function variablesReader(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): (given: Values) => Values | null {
  const leaves = variableDefinitions.map((definition) => leafOf(schema, definition));
  if (leaves.every((leaf) => leaf !== null)) return (given) => readLeaves(leaves, given);
  return (given) => getVariableValues(schema, variableDefinitions, given).coerced ?? null;
}

interface Leaf {
  name: string;
  type: GraphQLLeafType;
  nonNull: boolean;
  /** Undefined: it has none. */
  whenAbsent: (() => unknown) | undefined;
}

function leafOf(schema: GraphQLSchema, { variable, type: node, defaultValue }: VariableDefinitionNode): Leaf | null {
  const type = typeFromAST(schema, node);
  const inner = isNonNullType(type) ? type.ofType : type;
  if (!isLeafType(inner)) return null;
  const whenAbsent = defaultValue && (() => valueFromAST(defaultValue, inner));
  return { name: variable.name.value, type: inner, nonNull: inner !== type, whenAbsent };
}

function readLeaves(leaves: readonly Leaf[], given: Values): Values | null {
  const values: Values = {};
  for (const { name, type, nonNull, whenAbsent } of leaves) {
    if (!Object.hasOwn(given, name)) {
      if (whenAbsent) values[name] = whenAbsent();
      else if (nonNull) return null;
      continue;
    }
    const value = given[name] ?? null;
    if (value === null && nonNull) return null;
    const read = value === null ? null : parsed(type, value);
    if (read === undefined) return null;
    values[name] = read;
  }
  return values;
}

function parsed(type: GraphQLLeafType, value: unknown): unknown {
  try {
    return type.parseValue(value);
  } catch {
    return undefined; // told by graphql-js
  }
}
