import type { IncomingMessage } from 'node:http';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Context } from '../context.js';
import { CompiledQueries } from '../graphql/compiled/compiled-queries.js';
import type { Admission } from '../limits/admission.js';

export interface KnownAnswer {
  contentType: string;
  body: string;
}

/**
 * Answers to queries that came before, past Apollo, which spends more on a look-up than PostgreSQL. It learns from Apollo
 * which documents are valid and allowed, and which content type an `accept` is answered with; whatever is not plain and
 * sound is left to it.
 */
export class KnownAnswers {
  private readonly queries: CompiledQueries;
  private readonly contentTypes = new Map<string, string>();

  constructor(
    schema: GraphQLSchema,
    private readonly admission: Admission,
  ) {
    this.queries = new CompiledQueries(schema);
  }

  /** Null: Apollo has to answer. The context is as fresh then as before. */
  async answer(request: IncomingMessage, given: unknown, context: Context): Promise<KnownAnswer | null> {
    const contentType = this.contentTypes.get(request.headers.accept ?? '');
    const call = contentType === undefined ? null : callOf(given);
    const query = call && this.queries.find(call.document, call.operationName);
    if (!query) return null;
    context.operation = 'query';
    const admitted = this.admission.admits(context, query.document, query.operation, call.variables);
    const data = admitted ? await query.execute(call.variables, context) : null;
    if (data !== null) return { contentType: contentType!, body: `{"data":${data}}\n` };
    await context.close(); // what has failed has failed in its transaction as well
    return null;
  }

  /** A document that is valid, and that its caller may send, under the names by which it may be sent again. */
  learnDocument(names: readonly string[], document: DocumentNode, operationName: string | null | undefined): void {
    this.queries.learn(names, document, operationName);
  }

  learnContentType(request: IncomingMessage, contentType: string | undefined): void {
    if (contentType === undefined || this.contentTypes.size >= mostAccepts) return;
    this.contentTypes.set(request.headers.accept ?? '', contentType);
  }
}

const mostAccepts = 100;

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

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
