import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApolloServer, HeaderMap, type ApolloServerPlugin, type HTTPGraphQLRequest } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Caller } from '../access/caller.js';
import { Context } from '../context.js';
import { Refusal } from '../errors.js';
import { holdRows } from '../graphql/loose-rows.js';
import type { Hub } from '../hub.js';
import type { Admission } from '../limits/admission.js';
import { demandSmallResult } from '../limits/demand-small-result.js';
import { clientGone } from '../limits/deadlines.js';
import { parseOptions, validationOptions } from '../limits/documents.js';
import { limits } from '../limits/limits.js';
import type { PersistedOperations } from '../limits/persisted-operations.js';
import { retryAfter } from '../limits/points.js';
import { answerType, graphqlResponse, json, type AnswerType } from './answer-type.js';
import { demandMayIntrospect } from './introspection.js';
import { KnownAnswers } from './known-answers.js';
import { maskError } from './mask-errors.js';
import { RequestRefused, readJson } from './read-body.js';
import { withoutSuggestion } from './request-error.js';
import { readDocument } from './read-document.js';
import { requestStatus, statusOf } from './request-status.js';
import { settleOperation } from './settle-operation.js';
import { tellSpent, withCost } from './tell-cost.js';

const kib = 1024;

/** GraphQL over HTTP: authentication from the headers first, then the body, then the operation. */
export async function createGraphqlHttp(
  hub: Hub,
  schema: GraphQLSchema,
  admission: Admission,
  operations: PersistedOperations | null,
) {
  const known = new KnownAnswers(schema, admission);
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true, // judged by key, in the plugin
    csrfPrevention: { requestHeaders: ['authorization'] }, // compulsory here, and no page can send it without a preflight
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: hub.config.production,
    parseOptions,
    validationOptions,
    executionOptions: { maxCoercionErrors: limits.coercionErrors.most },
    logger: quietLogger(hub),
    plugins: [
      operationPlugin(hub, schema, known, admission),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
    ],
  });
  await apollo.start();

  const handle = async (request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> => {
    const type = answerType(request.headers.accept);
    let caller: Caller;
    try {
      caller = await hub.wrongKeys.from(request.socket.remoteAddress, request.headers.authorization, () =>
        hub.authenticator.authenticate(request.headers.authorization, ownerHeader(request)),
      );
      demandAnswerable(request, response, type);
    } catch (error) {
      return sendRefusal(response, error, type ?? json);
    }
    const context = new Context(hub, caller, requestId);
    hub.deadlines.watch(context);
    response.once('close', () => context.abort(clientGone()));
    try {
      const sent = request.method === 'POST' ? await readJson(request, bodyLimit(caller)) : undefined;
      const body = operations === null ? sent : settleOperation(operations, request, sent, context);
      const again = body === undefined ? null : await known.answer(body, context);
      if (again !== null) {
        demandSmallResult(context, again);
        return sendAgain(response, type, again, context);
      }
      readDocument(request, body, admission.documents);
      const httpGraphQLRequest = toApollo(request, type, body);
      const answer = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest,
        context: () => Promise.resolve(context),
      });
      if (answer.body.kind === 'complete') demandSmallResult(context, answer.body.string);
      for (const [name, value] of answer.headers) response.setHeader(name, value);
      response.statusCode = answer.status ?? 200;
      tellSpent(response, context);
      if (answer.body.kind === 'complete') return void response.end(answer.body.string);
      for await (const chunk of answer.body.asyncIterator) response.write(chunk);
      response.end();
    } catch (error) {
      sendRefusal(response, error, type);
    } finally {
      hub.deadlines.done(context);
      await context.end();
    }
  };
  return { handle, stop: () => apollo.stop() };
}

export const ownerHeader = (request: IncomingMessage): string | undefined => {
  const header = request.headers['stamdata-owner'];
  return Array.isArray(header) ? header[0] : header;
};

/** Before anything is read or done: by a method that is none of these, or for an answer that the client would not take. */
function demandAnswerable(
  { method }: IncomingMessage,
  response: ServerResponse,
  type: AnswerType | null,
): asserts type is AnswerType {
  if (method !== 'POST' && method !== 'GET' && method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD, POST');
    throw new RequestRefused(405, 'send POST, or GET for a query');
  }
  if (type === null) throw new RequestRefused(406, `accept ${graphqlResponse}, or application/json`);
}

/** With the headers of Apollo's answers. */
function sendAgain(response: ServerResponse, type: AnswerType, body: string, context: Context): void {
  tellSpent(response, context);
  response.setHeader('content-type', type);
  response.setHeader('content-length', Buffer.byteLength(body));
  response.end(body);
}

/** A HEAD is a GET whose body Node leaves out. In a URL an empty name of an operation is none. */
function toApollo(request: IncomingMessage, type: AnswerType, body: unknown): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  headers.set('accept', type);
  const url = new URL(request.url ?? '/', 'http://hub');
  if (url.searchParams.get('operationName') === '') url.searchParams.delete('operationName');
  return { method: request.method === 'POST' ? 'POST' : 'GET', headers, search: url.search, body };
}

/** Only who may send 10,000 rows may send many bytes. */
function bodyLimit({ scopes }: Caller): number {
  const bulk = scopes.has('customers:bulk') || scopes.has('orders:write') || scopes.has('bookings:write');
  return bulk ? 32 * kib * kib : 256 * kib;
}

function operationPlugin(
  hub: Hub,
  schema: GraphQLSchema,
  known: KnownAnswers,
  admission: Admission,
): ApolloServerPlugin<Context> {
  const hold = holdRows(schema);
  return {
    unexpectedErrorProcessingRequest: ({ requestContext, error }) => {
      hub.log('error', 'request failed', { requestId: requestContext.contextValue.requestId, error });
      return Promise.resolve();
    },
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ operation, document, contextValue, request, source, queryHash }) => {
          if (!operation) return Promise.resolve(); // there is none of that name, which graphql-js tells
          contextValue.operation = operation.operation;
          if (contextValue.operation === 'subscription')
            throw new Refusal(
              'BAD_USER_INPUT',
              'subscriptions go over WebSocket: graphql-transport-ws at the same path',
            );
          demandMayIntrospect(document, contextValue.caller, hub.config.production);
          admission.admit(contextValue, document, operation, request.variables);
          if (request.variables) request.variables = hold(operation, request.variables);
          known.learnDocument([source, queryHash], document, request.operationName);
          return Promise.resolve();
        },
        willSendResponse: ({ request, response: { body, http }, errors, contextValue }) => {
          if (body.kind === 'single') body.singleResult = withCost(body.singleResult, request, contextValue);
          if (body.kind !== 'single' || !body.singleResult.errors) return Promise.resolve();
          body.singleResult.errors = body.singleResult.errors.map((formatted, i) => {
            const error = errors?.[i];
            const masked = error && maskError(error, contextValue.requestId, hub.log);
            const told = masked === error ? formatted : masked!.toJSON();
            return hub.config.production ? { ...told, message: withoutSuggestion(told.message) } : told;
          });
          if (body.singleResult.data !== undefined) return Promise.resolve();
          const type = answerType(request.http?.headers.get('accept')) ?? json;
          http.status = requestStatus(body.singleResult.errors[0]?.extensions?.code, type) ?? http.status;
          for (const [name, value] of Object.entries(retryAfter(errors?.[0]))) http.headers.set(name, value);
          return Promise.resolve();
        },
      }),
  };
}

/** A request that never became an operation: an answer in GraphQL's form with the right status. */
function sendRefusal(response: ServerResponse, error: unknown, type: AnswerType): void {
  if (response.headersSent) return void response.end();
  if (!(error instanceof Refusal) && !(error instanceof RequestRefused)) throw error;
  const extensions = error instanceof Refusal ? error.extensions : { code: 'BAD_USER_INPUT' };
  response.statusCode = statusOfRefusal(error, type);
  if (response.statusCode === 401) response.setHeader('www-authenticate', 'Bearer');
  if (response.statusCode === 413) response.setHeader('connection', 'close');
  for (const [name, value] of Object.entries(retryAfter(error))) response.setHeader(name, value);
  response.setHeader('content-type', type);
  response.end(JSON.stringify({ errors: [{ message: error.message, extensions }] }));
}

/** Refusals of the operation: what is beyond a limit has the status of any document that is not valid. */
const ofOperation = new Set<string>(['GRAPHQL_VALIDATION_FAILED', 'PERSISTED_OPERATIONS_ONLY']);

function statusOfRefusal(error: Refusal | RequestRefused, type: AnswerType): number {
  if (error instanceof RequestRefused) return error.status;
  return (ofOperation.has(error.code) && requestStatus(error.code, type)) || (statusOf[error.code] ?? 400);
}

/** Of a text only what stands before its first colon: behind it Apollo quotes errors, and they quote values. */
function quietLogger(hub: Hub) {
  const tell = (level: 'error' | 'warn' | 'info' | 'debug') => (message?: unknown) => {
    if (level !== 'error' && level !== 'warn') return;
    const error = typeof message === 'string' ? new Error(message.split(/[:\n]/, 1)[0]) : message;
    hub.log(level, 'apollo', { error });
  };
  return { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') };
}
