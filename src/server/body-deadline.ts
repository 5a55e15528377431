import type { IncomingMessage, ServerResponse } from 'node:http';

const deadlines = new WeakMap<IncomingMessage, NodeJS.Timeout>();

/** A request that is not whole after `withinMs` is answered with 408, or cut off where its answer has begun. */
export function setBodyDeadline(request: IncomingMessage, response: ServerResponse, withinMs: number): void {
  const timer = setTimeout(() => {
    if (response.headersSent) return void request.socket.destroy();
    response.writeHead(408, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
    response.end(`the request was not complete within ${withinMs / 1000} seconds\n`);
  }, withinMs);
  deadlines.set(request, timer);
  for (const event of ['end', 'close'] as const) request.once(event, () => clearTimeout(timer));
}

/** For a door that takes a body of any length and looks after slow senders itself. */
export function liftBodyDeadline(request: IncomingMessage): void {
  clearTimeout(deadlines.get(request));
}
