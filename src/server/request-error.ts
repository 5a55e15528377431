import { GraphQLError } from 'graphql';

type RequestCode = 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED' | 'BAD_USER_INPUT';

/**
 * An error of graphql-js about a request, as Apollo gives it over HTTP: with a code where it has none, and in production
 * without the names of the schema that it would suggest.
 */
export function requestError(error: GraphQLError, code: RequestCode, production: boolean): GraphQLError {
  const message = production ? withoutSuggestion(error.message) : error.message;
  if (error.extensions.code && message === error.message) return error;
  const { nodes, source, positions, path, originalError } = error;
  return new GraphQLError(message, {
    nodes,
    source,
    positions,
    path,
    originalError,
    extensions: { code, ...error.extensions },
  });
}

/** Of a document whose operation is not told, or told by a name that it does not have: as over HTTP. */
export const noOperation = (name: string | null | undefined): GraphQLError =>
  new GraphQLError(
    name == null
      ? 'Must provide operation name if query contains multiple operations.'
      : `Unknown operation named "${name}".`,
    { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } },
  );

/** A message of graphql-js without the names that it proposes: they would tell the schema to who may not read it. */
export const withoutSuggestion = (message: string): string => message.replace(/ ?Did you mean .+\?$/, '');
