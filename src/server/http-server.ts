import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { Log } from '../log.js';
import type { Metrics } from '../metrics.js';
import { liftBodyDeadline, setBodyDeadline } from './body-deadline.js';

export type Handler = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

export interface Routes {
  graphql: Handler;
  /** The doors beside GraphQL, by path; one whose path ends in a slash has what is below it. */
  doors: ReadonlyMap<string, Handler>;
  /** Answers pages for people; false: not one of its paths. */
  pages: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Whether requests can be served right now. */
  ready: () => Promise<boolean>;
  metrics: Metrics;
}

const bodyWithinMs = 30_000;
/** How often Node looks for requests whose head is late; by itself each half minute, three times what it may take. */
const checkEveryMs = 2_000;

/** The hub's one port: GraphQL, the doors, health, metrics and pages. */
export function createHttpServer({ log }: { log: Log }, routes: Routes): Server {
  const server = createServer(
    { maxHeaderSize: 16 * 1024, connectionsCheckingInterval: checkEveryMs },
    (request, response) => {
      const requestId = randomUUID();
      const path = (request.url ?? '/').split('?', 1)[0]!;
      const door = doorOf(routes, path);
      setBodyDeadline(request, response, bodyWithinMs);
      response.setHeader('x-request-id', requestId);
      response.setHeader('x-content-type-options', 'nosniff');
      const began = performance.now();
      response.once('close', () => {
        liftBodyDeadline(request);
        const label = door ?? (known.has(path) ? path : 'other');
        const { statusCode: status } = response;
        const durationMs = performance.now() - began;
        routes.metrics.requests.observe({ path: label, status: String(status) }, durationMs / 1_000);
        log('debug', 'request', {
          ...{ requestId, method: request.method ?? '', path: label, status, durationMs: Math.round(durationMs) },
        });
      });
      answer(routes, path, door, request, response, requestId).catch((error: unknown) => {
        log('error', 'request failed', { requestId, error });
        if (!response.headersSent) send(response, 500, `internal error, logged under the request id ${requestId}`);
        else response.destroy();
      });
    },
  );
  server.headersTimeout = 10_000;
  server.requestTimeout = 0; // an import takes as long as it takes: see setBodyDeadline
  server.keepAliveTimeout = 65_000;
  server.maxRequestsPerSocket = 1_000;
  server.maxHeadersCount = 100;
  server.maxConnections = 5_000; // beyond them a new one is closed at once: those that are there are served
  return server;
}

/** The key of the door that a path leads to. */
function doorOf({ doors }: Routes, path: string): string | undefined {
  const above = path.slice(0, path.lastIndexOf('/') + 1);
  return doors.has(path) ? path : doors.has(above) ? above : undefined;
}

const known = new Set(['/', '/graphql', '/healthz', '/readyz', '/metrics']);

async function answer(
  routes: Routes,
  path: string,
  door: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  const handler = path === '/graphql' ? routes.graphql : door && routes.doors.get(door);
  if (handler) return handler(request, response, requestId);
  if (path === '/healthz') return send(response, 200, 'ok');
  if (path === '/readyz')
    return (await routes.ready()) ? send(response, 200, 'ready') : send(response, 503, 'not ready');
  if (path === '/metrics') return sendMetrics(routes.metrics, response);
  if (!routes.pages(request, response)) send(response, 404, `nothing at ${path.slice(0, 200)}: the API is at /graphql`);
}

async function sendMetrics({ registry }: Metrics, response: ServerResponse): Promise<void> {
  const text = await registry.metrics();
  response.setHeader('content-type', registry.contentType);
  response.end(text);
}

function send(response: ServerResponse, status: number, line: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(`${line}\n`);
}
