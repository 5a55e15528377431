import {
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { collectFields, type Fragments } from './collect-fields.js';

type Path = GraphQLResolveInfo['path'];
/** Gives the value as it stands in an answer. @throws Anomaly */
type Complete = (value: unknown, path: Path | undefined, run: Run) => unknown;
type Read = (source: object | undefined, path: Path, run: Run) => unknown;

interface Field {
  key: string;
  read: Read;
  /** Whether a resolver may look at the path, here or below; for plain data none is made. */
  needsPath: boolean;
  complete: Complete;
}

/** One execution. */
interface Run {
  contextValue: unknown;
  variableValues: Record<string, unknown>;
  /** Arguments of fields, by their plan: made once for all parents of a list. */
  args: Map<object, Record<string, unknown>>;
}

/** An answer with an error in it: it is left to graphql-js, which does all by the book. */
export class Anomaly extends Error {}

/** Gives the data, or a promise of it. @throws Anomaly, and what resolvers throw */
export type CompiledQuery = (contextValue: unknown, variableValues: Record<string, unknown>) => unknown;

/**
 * A query as a tree of functions: what the fields are, how each is read and completed is decided once, not for each
 * object of a list. Knows only what goes well; for anything else it throws `Anomaly` (or what a resolver threw), and
 * the query, which changes nothing, is to be executed anew by graphql-js.
 *
 * @param variables the values of those variables that stand in `@skip` and `@include`: they are decided here as well
 * @returns null for a query that asks about the schema
 */
export function compileQuery(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  variables: Record<string, unknown>,
): CompiledQuery | null {
  const compiler = new Compiler(schema, operation, fragments, variables);
  const root = schema.getQueryType()!;
  try {
    const { fields } = compiler.object(root, [operation]);
    return (contextValue, variableValues) =>
      readFields(undefined, root.name, fields, undefined, { contextValue, variableValues, args: new Map() });
  } catch (error) {
    if (error instanceof NotCompiled) return null;
    throw error;
  }
}

class NotCompiled extends Error {}

interface Plan {
  complete: Complete;
  needsPath: boolean;
}

interface ObjectPlan extends Plan {
  fields: Field[];
}

class Compiler {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly operation: OperationDefinitionNode,
    private readonly fragments: Fragments,
    private readonly variables: Record<string, unknown>,
  ) {}

  object(type: GraphQLObjectType, parents: readonly Pick<FieldNode, 'selectionSet'>[]): ObjectPlan {
    if (type.isTypeOf) throw new NotCompiled();
    const sets = parents.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
    const fields = [...collectFields(sets, this.fragments, this.variables)].map(([key, nodes]) =>
      this.field(type, key, nodes),
    );
    const needsPath = fields.some((field) => field.needsPath);
    return { complete: completeObject(type.name, fields), needsPath, fields };
  }

  private field(parent: GraphQLObjectType, key: string, nodes: FieldNode[]): Field {
    if (key === '__proto__') throw new NotCompiled(); // no name for a property
    const name = nodes[0]!.name.value;
    if (name === '__typename') return { key, read: () => parent.name, needsPath: false, complete: (value) => value };
    const definition = parent.getFields()[name];
    if (!definition) throw new NotCompiled(); // the schema is asked about
    const { complete, needsPath } = this.type(definition.type, nodes);
    const read = definition.resolve ? this.resolver(parent, definition, nodes) : property(name);
    return { key, read, complete, needsPath: needsPath || definition.resolve !== undefined };
  }

  private resolver(
    parentType: GraphQLObjectType,
    definition: GraphQLField<unknown, unknown>,
    fieldNodes: FieldNode[],
  ): Read {
    const { schema, operation, fragments } = this;
    const resolve = definition.resolve!;
    const same = {
      fieldName: definition.name,
      fieldNodes,
      returnType: definition.type,
      parentType,
      schema,
      operation,
      fragments,
    };
    return (source, path, run) => {
      let args = run.args.get(fieldNodes);
      if (!args) run.args.set(fieldNodes, (args = getArgumentValues(definition, fieldNodes[0]!, run.variableValues)));
      const info = { ...same, path, rootValue: undefined, variableValues: run.variableValues };
      return resolve(source, args, run.contextValue, info);
    };
  }

  private type(type: GraphQLOutputType, nodes: FieldNode[]): Plan {
    if (isNonNullType(type)) {
      const { complete, needsPath } = this.type(type.ofType as GraphQLOutputType, nodes);
      return { complete: completeNonNull(complete), needsPath };
    }
    if (isListType(type)) {
      const { complete, needsPath } = this.type(type.ofType, nodes);
      return { complete: completeList(complete, needsPath), needsPath };
    }
    if (isLeafType(type)) return { complete: completeLeaf((value) => type.serialize(value)), needsPath: false };
    if (isObjectType(type)) return this.object(type, nodes);
    throw new NotCompiled(isAbstractType(type) ? getNamedType(type).name : undefined);
  }
}

const property =
  (name: string): Read =>
  (source) => {
    const value = (source as Record<string, unknown> | undefined)?.[name];
    if (typeof value === 'function') throw new Anomaly();
    return value;
  };

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as Promise<unknown> | null | undefined)?.then === 'function';
}

function completeLeaf(serialize: (value: unknown) => unknown): Complete {
  return (value) => {
    if (value === null || value === undefined) return null;
    if (value instanceof Error) throw value;
    const serialized = serialize(value);
    if (serialized === null || serialized === undefined) throw new Anomaly();
    return serialized;
  };
}

function completeNonNull(complete: Complete): Complete {
  const demand = (value: unknown): unknown => {
    if (value === null) throw new Anomaly();
    return value;
  };
  return (value, path, run) => {
    const completed = complete(value, path, run);
    return isPromise(completed) ? completed.then(demand) : demand(completed);
  };
}

function completeList(complete: Complete, needsPath: boolean): Complete {
  return (value, path, run) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) throw new Anomaly();
    const completed: unknown[] = [];
    let waits = false;
    try {
      for (let i = 0; i < value.length; i++) {
        const at = needsPath ? { prev: path, key: i, typename: undefined } : undefined;
        const done = settled(value[i], (item) => complete(item, at, run));
        completed.push(done);
        waits ||= isPromise(done);
      }
    } catch (error) {
      letGo(completed);
      throw error;
    }
    return waits ? Promise.all(completed) : completed;
  };
}

function completeObject(typename: string, fields: Field[]): Complete {
  return (source, path, run) => {
    if (source === null || source === undefined) return null;
    if (typeof source !== 'object' || source instanceof Error) throw new Anomaly();
    return readFields(source, typename, fields, path, run);
  };
}

function readFields(
  source: object | undefined,
  typename: string,
  fields: Field[],
  path: Path | undefined,
  run: Run,
): unknown {
  const answer: Record<string, unknown> = {};
  let waiting: Promise<void>[] | null = null;
  try {
    for (const { key, read, complete, needsPath } of fields) {
      const at = needsPath ? { prev: path, key, typename } : noPath;
      const done = settled(read(source, at, run), (value) => complete(value, at, run));
      answer[key] = done; // in its place, be it there or not
      if (isPromise(done)) (waiting ??= []).push(done.then((value) => void (answer[key] = value)));
    }
  } catch (error) {
    letGo(waiting ?? []);
    throw error;
  }
  return waiting ? Promise.all(waiting).then(() => answer) : answer;
}

const noPath: Path = { prev: undefined, key: '', typename: undefined };

const settled = (value: unknown, complete: (value: unknown) => unknown): unknown =>
  isPromise(value) ? value.then(complete) : complete(value);

/** Nobody waits for these any more: their failures are nobody's. */
function letGo(values: unknown[]): void {
  for (const value of values) if (isPromise(value)) value.catch(() => undefined);
}
