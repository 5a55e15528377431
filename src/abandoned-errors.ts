import { GraphQLError } from 'graphql';
import type { Log } from './log.js';

/**
 * Keeps this process alive when graphql-js abandons a promise: where an element of a list that must not be null fails at
 * once while another is still being resolved, it answers with the first error, and nobody waits for the second. By itself
 * Node.js ends a process for that. Such an error has been told by its request; any other ends the process as ever.
 */
export function outliveAbandonedErrors(log: Log): void {
  process.on('unhandledRejection', (reason) => {
    if (!(reason instanceof GraphQLError)) throw reason;
    log('warn', 'an error beside the one that was answered', { error: reason.originalError ?? reason });
  });
}
