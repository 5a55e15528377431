import Negotiator from 'negotiator';

export const json = 'application/json; charset=utf-8';
export const graphqlResponse = 'application/graphql-response+json; charset=utf-8';
export type AnswerType = typeof json | typeof graphqlResponse;

const types: readonly AnswerType[] = [json, graphqlResponse];

/**
 * The content type that a client asks for by its `accept`, the better one by its q-values; JSON where it does not mind.
 * Null: it takes neither (406), which has to be known before a mutation is executed whose answer it would not get.
 */
export function answerType(accept = ''): AnswerType | null {
  const before = known.get(accept);
  if (before !== undefined) return before;
  const type = accept === '' ? json : chosen(accept);
  if (known.size < mostKnown) known.set(accept, type);
  return type;
}

/** A program sends the same one with every request. */
const known = new Map<string, AnswerType | null>();
const mostKnown = 100;

const chosen = (accept: string): AnswerType | null =>
  types.find((type) => type === new Negotiator({ headers: { accept } }).mediaType([...types])) ?? null;
