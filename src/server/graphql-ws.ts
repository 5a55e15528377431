import type { Server } from 'node:http';
import { randomUUID } from 'node:crypto';
import { execute, getOperationAST, GraphQLError, type GraphQLSchema } from 'graphql';
import { CloseCode, handleProtocols, makeServer, type Context as Socket } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Caller } from '../access/caller.js';
import { Context } from '../context.js';
import { Refusal } from '../errors.js';
import { holdRows } from '../graphql/loose-rows.js';
import type { Hub } from '../hub.js';
import { demandSmallResult } from '../limits/demand-small-result.js';
import { clientGone } from '../limits/deadlines.js';
import type { Admission } from '../limits/admission.js';
import { LimitExceeded } from '../limits/limit-exceeded.js';
import { limits } from '../limits/limits.js';
import type { PersistedOperations } from '../limits/persisted-operations.js';
import { RateLimited } from '../limits/points.js';
import { demandMayIntrospect } from './introspection.js';
import { keepAlive } from './keep-alive.js';
import { maskError } from './mask-errors.js';
import { clientIdOf } from './operation-ids.js';
import { speakProtocol, type SocketExtra } from './protocol-socket.js';
import { noOperation, requestError } from './request-error.js';
import { sendAway } from './send-away.js';
import { SharedFrames } from './shared-frames.js';
import { SocketLimits } from './socket-limits.js';
import { SocketWriter } from './socket-writer.js';
import { StallWatch, type Watched } from './stall-watch.js';
import { subscribeShared, type SubscriptionArgs } from './subscribe-shared.js';
import { withCost } from './tell-cost.js';

const keepAliveMs = 12_000;
const initMs = 3_000;
const maxPayloadBytes = 64 * 1024;
/** How often a socket's key is looked at again: a revoked one is closed within this and the authenticator's two seconds. */
const recheckMs = 2_000;

/** Closes a socket whose client does not take what it is sent; the reason is its last cursor. */
const stalledCode = 4413;

type Params = { authorization?: unknown; owner?: unknown };
type HubExtra = SocketExtra & { caller?: Caller };
type HubSocket = Socket<Params, HubExtra>;

/** GraphQL over WebSocket (graphql-transport-ws) at /graphql: the same schema, keys, limits and masking as over HTTP. */
export function createGraphqlWs(
  hub: Hub,
  schema: GraphQLSchema,
  { admission, operations }: Pick<Inputs, 'admission' | 'operations'>,
  server: Server,
) {
  const sockets = new WebSocketServer({
    server,
    path: '/graphql',
    maxPayload: maxPayloadBytes,
    perMessageDeflate: false,
    handleProtocols,
  });
  const inputs = { admission, operations, hold: holdRows(schema) };
  const limited = new SocketLimits(hub.config);
  const frames = new SharedFrames();
  const stalls = new StallWatch(hub.config.stallMs);
  const opened = new WeakMap<WebSocket, HubSocket>();
  const writers = new WeakMap<WebSocket, SocketWriter>();
  const running: Running = new WeakMap();
  const protocol = makeServer<Params, HubExtra>({
    connectionInitWaitTimeout: initMs,
    onConnect: (socket) => {
      opened.set(socket.extra.socket, socket);
      return identify(hub, limited, socket);
    },
    onSubscribe: (socket, id, payload) => prepare(hub, schema, inputs, socket, id, payload),
    execute: (args) => executeAndClose(hub, running, args as PreparedArgs),
    subscribe: (given) => {
      const args = given as PreparedArgs;
      const writer = writers.get(args.socket.extra.socket)!;
      return subscribeShared(frames, () => watched(hub, stalls, args), writer, args);
    },
    onNext: (_socket, _id, payload, args, given) => {
      const { requestId } = args.contextValue as Context;
      const result = withCost(given, payload, args.contextValue as Context);
      if (!result.errors) return result === given ? undefined : result;
      const masked = result.errors.map((error) => maskError(error, requestId, hub.log));
      return {
        ...result,
        errors: masked.map((error) => requestError(error, 'BAD_USER_INPUT', hub.config.production)),
      };
    },
    onError: (socket, id, _payload, errors) => {
      socket.extra.ids.end(id);
      return errors.map((error) => asGraphqlError(error, hub));
    },
    onComplete: (socket, id) => socket.extra.ids.end(id),
  });
  sockets.on('connection', (socket, request) => {
    limited.watch(socket);
    const contexts = new Set<Context>();
    running.set(socket, contexts);
    socket.once('close', () => contexts.forEach((context) => context.abort(clientGone())));
    writers.set(socket, new SocketWriter(socket, (message) => frames.expand(message)));
    keepAlive(socket, keepAliveMs, hub.config.stallMs);
    speakProtocol(protocol, { socket, request }, hub.log);
  });
  sockets.on('error', (error) => hub.log('error', 'the server of the sockets failed', { error }));
  return {
    /** Tells the clients to go away within `spreadMs`; who is still there after `patienceMs` is cut off. */
    stop: async ({ spreadMs, patienceMs }: { spreadMs: number; patienceMs: number }) => {
      const late = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, patienceMs);
      await sendAway(sockets.clients, { spreadMs, isBusy: (socket) => isAnswering(opened.get(socket)) });
      for (const socket of sockets.clients) socket.close(1001, 'Going away'); // who came meanwhile
      await new Promise((resolve) => sockets.close(resolve)); // when all have gone
      clearTimeout(late);
      stalls.stop();
    },
  };
}

/** False closes the socket with 4403. The key comes in the first message, never in the URL. */
async function identify(hub: Hub, limited: SocketLimits, socket: HubSocket): Promise<boolean> {
  const { authorization, owner } = socket.connectionParams ?? {};
  const ask = () => hub.authenticator.authenticate(textOf(authorization), textOf(owner));
  try {
    socket.extra.caller = await hub.wrongKeys.from(socket.extra.request.socket.remoteAddress, authorization, ask);
  } catch (error) {
    if (error instanceof RateLimited) socket.extra.socket.close(CloseCode.TooManyInitialisationRequests, error.message);
    if (error instanceof Refusal) return false;
    hub.log('error', 'a socket could not be authenticated', { error });
    socket.extra.socket.close(CloseCode.InternalServerError, 'Internal server error');
    return false; // closed already: the first code stands
  }
  if (!limited.join(socket.extra.socket, socket.extra.caller)) return false;
  recheck(socket.extra.socket, ask);
  return true;
}

/** As long as the socket is open; it may have gone while its key was looked up. */
function recheck(socket: HubExtra['socket'], ask: () => Promise<Caller>): void {
  if (socket.readyState !== socket.OPEN) return;
  const timer = setInterval(() => {
    ask().catch((error: unknown) => {
      if (error instanceof Refusal) socket.close(CloseCode.Forbidden, 'Forbidden');
    });
  }, recheckMs);
  socket.once('close', () => clearInterval(timer));
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

interface Operation {
  query: string;
  operationName?: string | null;
  variables?: Record<string, unknown> | null;
}

interface Inputs {
  admission: Admission;
  /** Null: any operation may be sent. */
  operations: PersistedOperations | null;
  hold: ReturnType<typeof holdRows>;
}

type PreparedArgs = SubscriptionArgs & { socket: HubSocket };

/** Parses and validates under the same limits as HTTP. Gives the arguments of the execution, or errors for the client. */
function prepare(
  hub: Hub,
  schema: GraphQLSchema,
  { admission, operations, hold }: Inputs,
  socket: HubSocket,
  id: string,
  sent: Operation,
): PreparedArgs | readonly GraphQLError[] {
  const caller = socket.extra.caller!;
  const { production } = hub.config;
  const open = Object.keys(socket.subscriptions).length;
  try {
    if (open > limits.socketOperations.most) throw new LimitExceeded('RATE_LIMITED', 'socketOperations', open);
    const requestId = randomUUID();
    const payload = operations === null ? sent : operations.settle(sent, caller, requestId);
    const { document, problems } = admission.documents.validated(payload.query);
    if (problems.length > 0)
      return problems.map((error) => requestError(error, 'GRAPHQL_VALIDATION_FAILED', production));
    const { query: text, operationName, variables } = payload;
    const operation = getOperationAST(document, operationName);
    if (!operation) return [noOperation(operationName)];
    demandMayIntrospect(document, caller, production);
    const contextValue = new Context(hub, { ...caller }, requestId);
    contextValue.operation = operation.operation;
    admission.admit(contextValue, document, operation, variables);
    const variableValues = variables ? hold(operation, variables) : variables;
    const args = { schema, document, id: clientIdOf(id), text, operationName, variableValues, contextValue, socket };
    return { ...args, options: { maxCoercionErrors: limits.coercionErrors.most } };
  } catch (error) {
    if (error instanceof GraphQLError) return [requestError(error, 'GRAPHQL_PARSE_FAILED', production)];
    throw error;
  }
}

function watched(hub: Hub, stalls: StallWatch, { socket, variableValues, contextValue }: PreparedArgs): Watched {
  const begin = textOf(variableValues?.after) ?? ''; // as far as the client has said so
  return stalls.watch(begin, (lastCursor) => {
    hub.log('warn', 'a subscriber stalled and was closed', { requestId: (contextValue as Context).requestId });
    socket.extra.socket.close(stalledCode, lastCursor);
  });
}

/** A query or mutation has no stream of results, and is gone from the list when it is answered. */
const isAnswering = (socket: HubSocket | undefined): boolean =>
  Object.values(socket?.subscriptions ?? {}).includes(null);

/** Queries and mutations that are being executed, by their socket. */
type Running = WeakMap<WebSocket, Set<Context>>;

async function executeAndClose(hub: Hub, running: Running, args: PreparedArgs) {
  const context = args.contextValue as Context;
  const ofSocket = running.get(args.socket.extra.socket)!;
  ofSocket.add(context);
  hub.deadlines.watch(context);
  try {
    const result = await execute(args);
    if (context.operation === 'query') demandSmallResult(context, JSON.stringify(result.data ?? null));
    return result;
  } catch (error) {
    if (error instanceof Refusal) return { errors: [error] };
    throw error;
  } finally {
    ofSocket.delete(context);
    hub.deadlines.done(context);
    await context.end();
  }
}

function asGraphqlError(error: unknown, hub: Hub): GraphQLError {
  const asError = error instanceof GraphQLError ? error : new GraphQLError('failed', { originalError: error as Error });
  return requestError(maskError(asError, randomUUID(), hub.log), 'BAD_USER_INPUT', hub.config.production);
}
