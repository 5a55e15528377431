import { GraphQLError } from 'graphql';
import { Refusal } from '../errors.js';
import type { Log } from '../log.js';

/**
 * What a client may see of an error: a refusal or a fault of its request as it is; of everything else only that it
 * happened, under an id that the log has too.
 */
export function maskError(error: GraphQLError, requestId: string, log: Log): GraphQLError {
  const cause = error.originalError ?? error;
  if (cause instanceof Refusal || cause instanceof GraphQLError) return withoutValue(error);
  if ((cause as { code?: string }).code === queryCancelled) return refused(error);
  log('error', 'request failed', { requestId, error: cause });
  return new GraphQLError(`internal error, logged under the request id ${requestId}`, {
    nodes: error.nodes,
    path: error.path,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  });
}

/** What PostgreSQL says of a statement that was cancelled: at its deadline, or since its client has gone. */
const queryCancelled = '57014';

function refused({ nodes, path }: GraphQLError): GraphQLError {
  const extensions = { code: 'DEADLINE_EXCEEDED' };
  return new GraphQLError('it took too long and was given up: ask for less', { nodes, path, extensions });
}

/**
 * graphql-js repeats the value of a variable that it cannot read, and with a misspelt field of a login that is the login
 * with its password (A28). Only the place is told, and what is wrong.
 */
function withoutValue(error: GraphQLError): GraphQLError {
  const { message, nodes, extensions, originalError } = error;
  const variable = /^Variable "\$\w+" got invalid value /.exec(message)?.[0];
  const fault = originalError?.message ?? '';
  if (!variable || !message.endsWith(`; ${fault}`)) return error;
  const place = / at "[^"]*"$/.exec(message.slice(0, -`; ${fault}`.length))?.[0] ?? '';
  return new GraphQLError(`${variable.trim()}${place}; ${fault}`, { nodes, extensions, originalError });
}
