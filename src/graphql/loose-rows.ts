import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  typeFromAST,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { Loose } from './scalars.js';
import { isObject } from '../format/json-object.js';

/**
 * Rows of a bulk call on their way past graphql-js. The schema types them, so that clients know their fields, but every
 * value in them is `Loose` and judged row by row; to coerce and to convert 10,000 of them field by field, which finds
 * nothing, took as long as to judge them. So a list travels as one row that holds it, put in by `holdRows` before the
 * execution and taken out by `givenRows` in the resolver.
 */
class Held {
  constructor(readonly rows: object[]) {}
}

/** The rows that a resolver was given, as the client sent them (variables) or as the document has them. */
export function givenRows<Row extends object>(rows: Row[]): Row[] {
  const held = rows.length === 1 ? Object.values(rows[0]!).find((value) => value instanceof Held) : undefined;
  return held ? (held.rows as Row[]) : rows;
}

type Variables = Record<string, unknown>;

/**
 * Gives a function that holds the lists of loose rows in an operation's variables. A list with anything else than rows of
 * known fields is left to graphql-js, which refuses it and says where. What the schema's rows hold in their turn may have
 * any shape: that is for the judge of the row.
 */
export function holdRows(
  schema: GraphQLSchema,
): (operation: OperationDefinitionNode, variables: Variables) => Variables {
  const holders = looseHolders(schema);
  return (operation, variables) => {
    const held = { ...variables };
    for (const { type: node, variable } of operation.variableDefinitions ?? []) {
      const type = typeFromAST(schema, node as never) as GraphQLInputType | undefined;
      const name = variable.name.value;
      if (type && Object.hasOwn(variables, name)) held[name] = hold(type, variables[name], holders);
    }
    return held;
  };
}

function hold(given: GraphQLInputType, value: unknown, holders: ReadonlySet<GraphQLInputObjectType>): unknown {
  const type = getNullableType(given);
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return value;
  if (isListType(type)) return isLoose(named) && Array.isArray(value) ? heldList(named, value) : value;
  if (!holders.has(named) || !isObject(value)) return value;
  const fields = named.getFields();
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      Object.hasOwn(fields, name) ? hold(fields[name]!.type, part, holders) : part,
    ]),
  );
}

function heldList(row: GraphQLInputObjectType, rows: unknown[]): unknown {
  const knownFields = knownFieldsOf(row);
  if (rows.length === 0 || !rows.every((value) => isObject(value) && hasOnly(knownFields, value))) return rows;
  const aLooseField = Object.values(row.getFields()).find(({ type }) => type === Loose)!;
  return [{ [aLooseField.name]: new Held(rows as object[]) }];
}

/** The fields of a row, with those of the objects in it. */
type KnownFields = Map<string, KnownFields | null>;

function knownFieldsOf(type: GraphQLInputObjectType): KnownFields {
  return new Map(
    Object.values(type.getFields()).map((field) => {
      const inner = getNamedType(field.type);
      return [field.name, isInputObjectType(inner) ? knownFieldsOf(inner) : null];
    }),
  );
}

function hasOnly(known: KnownFields, value: object): boolean {
  for (const name of Object.keys(value)) {
    const inner = known.get(name);
    if (inner === undefined) return false;
    if (inner === null) continue;
    const part = (value as Variables)[name];
    for (const entry of Array.isArray(part) ? part : [part])
      if (isObject(entry) && !hasOnly(inner, entry)) return false;
  }
  return true;
}

/** The input types that hold a list of loose rows, themselves or through others. */
function looseHolders(schema: GraphQLSchema): ReadonlySet<GraphQLInputObjectType> {
  const types = Object.values(schema.getTypeMap()).filter(isInputObjectType);
  return new Set(types.filter((type) => !isLoose(type) && holdsLoose(type, new Set())));
}

function holdsLoose(type: GraphQLInputObjectType, seen: Set<GraphQLInputObjectType>): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  return Object.values(type.getFields()).some((field) => {
    const inner = getNamedType(field.type);
    if (!isInputObjectType(inner)) return false;
    return isListType(getNullableType(field.type)) ? isLoose(inner) : holdsLoose(inner, seen);
  });
}

/** Whether all that an input type holds is `Loose`, some of it directly: a row. */
function isLoose(type: GraphQLInputObjectType): boolean {
  const fields = Object.values(type.getFields());
  return fields.some((field) => field.type === Loose) && fields.every(({ type: inner }) => isLooseType(inner));
}

function isLooseType(type: GraphQLInputType): boolean {
  const named = getNamedType(type);
  return named === Loose || (isInputObjectType(named) && isLoose(named));
}
