import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getOperationAST,
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Fragments } from './collect-fields.js';
import { compileQuery, type CompiledQuery } from './compile-query.js';
import { variablesReader } from './read-variables.js';

/** A query that was parsed, found valid, and can be executed in its compiled form. */
export class KnownQuery {
  readonly #schema: GraphQLSchema;
  readonly #fragments: Fragments;
  readonly #variables: ReturnType<typeof variablesReader>;
  /** Variables that decide which fields there are. */
  readonly #deciding: string[];
  /** By the values of those variables; null: cannot be compiled. */
  readonly #compiled = new Map<string, CompiledQuery | null>();

  constructor(
    schema: GraphQLSchema,
    readonly operation: OperationDefinitionNode,
    readonly document: DocumentNode,
  ) {
    this.#schema = schema;
    this.#fragments = fragmentsOf(document);
    this.#variables = variablesReader(schema, operation);
    this.#deciding = decidingVariables(document);
  }

  /**
   * The data of the answer in JSON; null when graphql-js has to execute the query, since something in its answer would be
   * an error, or it cannot be compiled.
   */
  async execute(given: Record<string, unknown>, contextValue: unknown): Promise<string | null> {
    const coerced = this.#variables(given);
    const query = coerced && this.#compiledFor(coerced);
    if (!query) return null;
    try {
      return await query(contextValue, coerced);
    } catch {
      return null; // whatever it was, graphql-js meets it too, and tells it as it should be told
    }
  }

  #compiledFor(variables: Record<string, unknown>): CompiledQuery | null {
    const name =
      this.#deciding.length === 0 ? '' : JSON.stringify(this.#deciding.map((variable) => variables[variable]));
    const before = this.#compiled.get(name);
    if (before !== undefined) return before;
    if (this.#compiled.size >= mostForms) return null;
    const made = compileQuery(this.#schema, this.operation, this.#fragments, variables);
    this.#compiled.set(name, made);
    return made;
  }
}

/** Of one query, by `@skip` and `@include`. */
const mostForms = 8;

/** The queries of the documents that came before, within a bound. */
export class CompiledQueries {
  /** By the document and the name of the operation; the one used last at the end. */
  private readonly known = new Map<string, { query: KnownQuery; characters: number }>();
  private characters = 0;

  constructor(private readonly schema: GraphQLSchema) {}

  /** A query that was executed before, by the text of its document or what stands for it. */
  find(document: string, operationName: string | null | undefined): KnownQuery | null {
    const key = keyOf(document, operationName);
    const entry = this.known.get(key);
    if (!entry) return null;
    this.known.delete(key);
    this.known.set(key, entry);
    return entry.query;
  }

  /** Remembers a valid document under its text and its hash. What is no query is not for here. */
  learn(names: readonly string[], document: DocumentNode, operationName: string | null | undefined): void {
    const keys = names.map((name) => keyOf(name, operationName)).filter((key) => !this.known.has(key));
    const operation = getOperationAST(document, operationName);
    if (keys.length === 0 || operation?.operation !== OperationTypeNode.QUERY) return;
    const query = new KnownQuery(this.schema, operation, document);
    for (const key of keys) this.remember(key, query);
  }

  private remember(key: string, query: KnownQuery): void {
    this.known.set(key, { query, characters: key.length });
    this.characters += key.length;
    while (this.known.size > mostNames || this.characters > mostCharacters) {
      const [oldest, { characters }] = this.known.entries().next().value!;
      this.known.delete(oldest);
      this.characters -= characters;
    }
  }
}

/** A document has two of them: its text and its hash. */
const mostNames = 500;
/** A compiled query takes some ten times its text. */
const mostCharacters = 1024 * 1024;

const keyOf = (document: string, operationName: string | null | undefined): string =>
  operationName ? `${operationName} ${document}` : document;

function fragmentsOf({ definitions }: DocumentNode): Fragments {
  const fragments = definitions.filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION);
  return Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment]));
}

function decidingVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    [Kind.DIRECTIVE]: ({ name, arguments: given = [] }) => {
      if (name.value !== GraphQLSkipDirective.name && name.value !== GraphQLIncludeDirective.name) return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
