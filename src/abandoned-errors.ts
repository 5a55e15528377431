import { GraphQLError } from 'graphql';
import type { Log } from './log.js';

/**
 * Keeps this process alive when graphql-js abandons a promise: where an element of a list that must not be null fails at
 * once while another is still being resolved, it answers with the first error, and nobody waits for the second. By itself
 * Node.js ends a process for that. Such an error has been told by its request; any other ends the process as ever, but
 * by a line of the log: Node.js would print it with all that PostgreSQL says of rows.
 */
export function outliveAbandonedErrors(log: Log): void {
  const endFor = (error: unknown): never => {
    log('error', 'the hub ends: an error that nothing was there to catch', { error });
    process.exit(1);
  };
  process.on('unhandledRejection', (reason) => {
    if (!(reason instanceof GraphQLError)) return endFor(reason);
    log('warn', 'an error beside the one that was answered', { error: reason.originalError ?? reason });
  });
  process.on('uncaughtException', endFor);
}
