import type { GraphiQLProps } from 'graphiql';
import { createClient } from 'graphql-ws';
import { NO_KEY, UNREACHABLE } from './advice.js';
import { connectionParams, type Headers, keyIn } from './key.js';

type Fetcher = GraphiQLProps['fetcher'];
type Params = Parameters<Fetcher>[0];
type Document = NonNullable<NonNullable<Parameters<Fetcher>[1]>['documentAST']>;
type Answer = { data?: unknown; errors?: unknown[] };

/** Carries GraphiQL's operations to this hub: subscriptions by WebSocket, everything else by HTTP, with the same key. */
export const fetcher: Fetcher = (params, options) => {
  const headers: Headers = options?.headers ?? {};
  if (params.operationName === 'IntrospectionQuery') return introspect(params, headers) as ReturnType<Fetcher>;
  if (isSubscription(options?.documentAST, params.operationName))
    return subscribe(params, headers) as ReturnType<Fetcher>;
  return post(params, headers) as ReturnType<Fetcher>;
};

/** Without a key there is nothing to ask: the hub would say 401. GraphiQL asks once more where `data` is missing. */
async function introspect(params: Params, headers: Headers): Promise<Answer> {
  const answer = keyIn(headers) ? await post(params, headers) : failure(NO_KEY, 'There is no key yet.');
  return { data: null, ...answer };
}

async function post(params: Params, headers: Headers): Promise<Answer> {
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        ...(headers as Record<string, string>),
      },
      body: JSON.stringify(params),
    });
    return await answerOf(response);
  } catch (error) {
    return failure(UNREACHABLE, error instanceof Error ? error.message : String(error));
  }
}

/** A proxy in between answers in prose: then its status is the message. */
async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return failure('HTTP', `HTTP ${response.status} ${response.statusText}`.trim());
  }
}

const failure = (code: string, message: string): Answer => ({ errors: [{ message, extensions: { code } }] });

function isSubscription(document: Document | undefined, operationName: string | null | undefined): boolean {
  return !!document?.definitions.some(
    (definition) =>
      definition.kind === 'OperationDefinition' &&
      definition.operation === 'subscription' &&
      (!operationName || definition.name?.value === operationName),
  );
}

/** One socket per run, with the key of that run. It does not reconnect: a gap in the changes should be seen, not bridged. */
function subscribe(params: Params, headers: Headers) {
  return {
    subscribe(observer: { next(answer: unknown): void; error(error: unknown): void; complete(): void }) {
      const client = createClient({ url: socketUrl(), connectionParams: connectionParams(headers), retryAttempts: 0 });
      const unsubscribe = client.subscribe(params, {
        next: (answer) => observer.next(answer),
        error: (error) => observer.error(readable(error)),
        complete: () => observer.complete(),
      });
      return { unsubscribe };
    },
  };
}

function socketUrl(): string {
  const url = new URL('/graphql', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

/** GraphiQL prints what it is given, stack traces included; so a closed socket becomes an error of GraphQL's shape. */
function readable(error: unknown): unknown {
  if (!(error instanceof CloseEvent)) return error;
  if (error.code === 4403) return { message: 'The hub refused the key (4403).' };
  return { message: `The WebSocket was closed: ${error.code} ${error.reason}`.trim() };
}
