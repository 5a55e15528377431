import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Context } from '../context.js';
import { CompiledQueries } from '../graphql/compiled/compiled-queries.js';
import type { Admission } from '../limits/admission.js';
import { isObject } from '../format/json-object.js';

/**
 * Answers to queries that came before, past Apollo, which spends more on a look-up than PostgreSQL. It learns from Apollo
 * which documents are valid and allowed; whatever is not plain and sound is left to it.
 */
export class KnownAnswers {
  private readonly queries: CompiledQueries;

  constructor(
    schema: GraphQLSchema,
    private readonly admission: Admission,
  ) {
    this.queries = new CompiledQueries(schema);
  }

  /** The body of an answer with the status 200. Null: Apollo has to answer. The context is as fresh then as before. */
  async answer(given: unknown, context: Context): Promise<string | null> {
    const call = callOf(given);
    const query = call && this.queries.find(call.document, call.operationName);
    if (!query) return null;
    context.operation = 'query';
    const admitted = this.admission.admits(context, query.document, query.operation, call.variables);
    const data = admitted ? await query.execute(call.variables, context) : null;
    if (data !== null) return `{"data":${data}}\n`;
    await context.close(); // what has failed has failed in its transaction as well
    return null;
  }

  /** A document that is valid, and that its caller may send, under the names by which it may be sent again. */
  learnDocument(names: readonly string[], document: DocumentNode, operationName: string | null | undefined): void {
    this.queries.learn(names, document, operationName);
  }
}

interface Call {
  /** Its text, or the hash of a persisted query. */
  document: string;
  operationName: string | null | undefined;
  variables: Record<string, unknown>;
}

/** A call that has nothing unusual about it; null for any other. */
function callOf(given: unknown): Call | null {
  if (!isObject(given)) return null;
  const { query, operationName, variables, extensions } = given;
  const document = extensions == null ? query : query == null ? hashOf(extensions) : null;
  if (typeof document !== 'string') return null;
  if (operationName != null && (typeof operationName !== 'string' || operationName === '')) return null;
  if (variables != null && !isObject(variables)) return null;
  return { document, operationName, variables: variables ?? {} };
}

function hashOf(extensions: unknown): unknown {
  const { persistedQuery, cost } = isObject(extensions) ? extensions : {};
  if (cost) return null; // it is told in an answer of Apollo's
  return isObject(persistedQuery) && persistedQuery.version === 1 ? persistedQuery.sha256Hash : null;
}
