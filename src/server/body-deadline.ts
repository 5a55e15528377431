import type { IncomingMessage, ServerResponse } from 'node:http';

const deadline = Symbol('body deadline');

type Timed = IncomingMessage & { [deadline]?: NodeJS.Timeout };

/**
 * A request that is not whole after `withinMs` is answered with 408, or cut off where its answer has begun. To be lifted when it
 * has been answered.
 */
export function setBodyDeadline(request: Timed, response: ServerResponse, withinMs: number): void {
  request[deadline] = setTimeout(() => {
    if (request.complete) return;
    if (response.headersSent) return void request.socket.destroy();
    response.writeHead(408, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
    response.end(`the request was not complete within ${withinMs / 1000} seconds\n`);
  }, withinMs);
}

/** Also for a door that takes a body of any length and looks after slow senders itself. */
export function liftBodyDeadline(request: Timed): void {
  clearTimeout(request[deadline]);
}
