import {
  isLeafType,
  isListType,
  isNonNullType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Fragments } from './collect-fields.js';
import {
  Anomaly,
  completeLeaf,
  completeList,
  completeNonNull,
  completeObject,
  readObject,
  type Complete,
  type Field,
  type Run,
  type Text,
} from './complete.js';
import { argumentsReader, type Values } from './read-arguments.js';
import { NotCompiled, selectionOf, type Selected } from './selection.js';
import type { TextPlan } from './text-plan.js';

/** Gives the data of the answer in JSON, or a promise of it. @throws Anomaly, and what resolvers throw */
export type CompiledQuery = (contextValue: unknown, variableValues: Record<string, unknown>) => Text;

/**
 * A query as a tree of functions: what the fields are, how each is read and completed is decided once, not for each
 * object of a list. Knows only what goes well; for anything else it throws `Anomaly` (or what a resolver threw), and
 * the query, which changes nothing, is to be executed anew by graphql-js.
 *
 * @param variables the values of those variables that stand in `@skip` and `@include`: they are decided here as well
 * @returns null for a query that only graphql-js executes
 */
export function compileQuery(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  variables: Record<string, unknown>,
): CompiledQuery | null {
  const root = schema.getQueryType()!;
  try {
    const selected = selectionOf(root, [operation.selectionSet], fragments, variables);
    const compiler = new Compiler(schema, operation, fragments);
    const reading = selected.filter(({ field }) => field !== null);
    const fields = selected.map((one) => compiler.told(one, reading.length === 1) ?? compiler.field(one));
    const read = readObject(root.name, fields);
    return (contextValue, variableValues) =>
      read(undefined, undefined, { contextValue, variableValues, args: new Map() });
  } catch (error) {
    if (error instanceof NotCompiled) return null;
    throw error;
  }
}

interface Plan {
  complete: Complete;
  needsPath: boolean;
}

class Compiler {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly operation: OperationDefinitionNode,
    private readonly fragments: Fragments,
  ) {}

  /** A field of the root that can be had as text; null for any other. */
  told({ key, field, nodes, fields }: Selected, alone: boolean): Field | null {
    const plan = field?.extensions.text as TextPlan<unknown> | undefined;
    const given = new Set(nodes[0]!.arguments?.map(({ name }) => name.value));
    const read = plan && fields ? plan({ fields, given, alone }) : null;
    if (!read) return null;
    const argumentsOf = argumentsReader(field!, nodes[0]!);
    return {
      key,
      read: (_, __, run) => read(argumentsOf(run.variableValues), run.contextValue),
      complete: (text) => text as string,
      needsPath: false,
    };
  }

  field({ key, field, parentType, nodes, fields }: Selected): Field {
    if (!field) return { key, read: () => parentType.name, complete: completeTypename, needsPath: false };
    const { complete, needsPath } = this.type(field.type, fields);
    const read = field.resolve ? this.resolver({ field, parentType, nodes }) : property(field.name);
    return { key, read, complete, needsPath: needsPath || field.resolve !== undefined };
  }

  private resolver({
    field,
    parentType,
    nodes,
  }: Pick<Selected, 'parentType' | 'nodes'> & { field: GraphQLField<unknown, unknown> }): Field['read'] {
    const { schema, operation, fragments } = this;
    const resolve = field.resolve!;
    const argumentsOf = onceForEachRun(argumentsReader(field, nodes[0]!));
    const same = {
      fieldName: field.name,
      fieldNodes: nodes,
      returnType: field.type,
      parentType,
      schema,
      operation,
      fragments,
    };
    return (source, path, run) => {
      const info = { ...same, path, rootValue: undefined, variableValues: run.variableValues };
      return resolve(source, argumentsOf(run), run.contextValue, info);
    };
  }

  private type(type: GraphQLOutputType, fields: Selected[] | null): Plan {
    if (isNonNullType(type)) {
      const { complete, needsPath } = this.type(type.ofType as GraphQLOutputType, fields);
      return { complete: completeNonNull(complete), needsPath };
    }
    if (isListType(type)) {
      const { complete, needsPath } = this.type(type.ofType, fields);
      return { complete: completeList(complete, needsPath), needsPath };
    }
    if (isLeafType(type)) return { complete: completeLeaf((value) => type.serialize(value)), needsPath: false };
    const below = fields!.map((field) => this.field(field));
    return { complete: completeObject(type.name, below), needsPath: below.some((field) => field.needsPath) };
  }
}

const completeTypename: Complete = (name) => JSON.stringify(name);

/** The same arguments for all parents of a list. */
function onceForEachRun(read: (variables: Values) => Values): (run: Run) => Values {
  return ({ args, variableValues }) => {
    let given = args.get(read);
    if (!given) args.set(read, (given = read(variableValues)));
    return given;
  };
}

const property =
  (name: string): Field['read'] =>
  (source) => {
    const value = (source as Record<string, unknown> | undefined)?.[name];
    if (typeof value === 'function') throw new Anomaly();
    return value;
  };
