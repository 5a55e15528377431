import { GraphQLError } from 'graphql';
import { Refusal } from '../errors.js';
import type { Log } from '../log.js';

/**
 * What a client may see of an error: a refusal or a fault of its request as it is; of everything else only that it
 * happened, under an id that the log has too.
 */
export function maskError(error: GraphQLError, requestId: string, log: Log): GraphQLError {
  const cause = error.originalError ?? error;
  if (cause instanceof Refusal || cause instanceof GraphQLError) return error;
  log('error', 'request failed', { requestId, error: cause });
  return new GraphQLError(`internal error, logged under the request id ${requestId}`, {
    nodes: error.nodes,
    path: error.path,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  });
}
