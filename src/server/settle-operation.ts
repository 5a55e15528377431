import type { IncomingMessage } from 'node:http';
import type { Context } from '../context.js';
import type { PersistedOperations } from '../limits/persisted-operations.js';

/**
 * Judges a request over HTTP by the manifest. Gives the body of a POST with the text of its operation; that of a GET is put
 * into its URL. @throws Refusal PERSISTED_OPERATIONS_ONLY
 */
export function settleOperation(
  operations: PersistedOperations,
  request: IncomingMessage,
  body: unknown,
  { caller, requestId }: Context,
): unknown {
  if (request.method === 'POST') return operations.settle(body, caller, requestId);
  const url = new URL(request.url ?? '/', 'http://hub');
  const { query, extensions } = operations.settle(askedBy(url), caller, requestId);
  if (query !== undefined) url.searchParams.set('query', query); // and no second one
  if (extensions === undefined) url.searchParams.delete('extensions');
  else if (typeof extensions === 'object') url.searchParams.set('extensions', JSON.stringify(extensions));
  request.url = `${url.pathname}${url.search}`;
  return undefined;
}

type Asked = Partial<Record<'query' | 'operationName' | 'documentId' | 'id', string>> & { extensions?: unknown };

function askedBy({ searchParams }: URL): Asked {
  const asked: Asked = {};
  for (const name of ['query', 'operationName', 'documentId', 'id'] as const)
    asked[name] = searchParams.get(name) ?? undefined;
  const extensions = searchParams.get('extensions');
  return extensions === null ? asked : { ...asked, extensions: jsonOf(extensions) };
}

/** What is no JSON stays as it is, for Apollo to say so. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
