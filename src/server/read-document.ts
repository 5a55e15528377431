import type { IncomingMessage } from 'node:http';
import { Refusal } from '../errors.js';
import type { Documents } from '../limits/documents.js';

/**
 * Judges the document of a request before Apollo parses and validates it. One that is known by its hash was judged when
 * it was registered; one that is no GraphQL is left to Apollo, which says so.
 * @throws Refusal GRAPHQL_VALIDATION_FAILED beyond a limit
 */
export function readDocument(request: IncomingMessage, body: unknown, documents: Documents): void {
  const text = request.method === 'POST' ? (body as { query?: unknown } | null)?.query : queryOf(request);
  if (typeof text !== 'string') return;
  try {
    documents.read(text);
  } catch (error) {
    if (error instanceof Refusal) throw error;
  }
}

const queryOf = ({ url = '/' }: IncomingMessage): string | null => new URL(url, 'http://hub').searchParams.get('query');
