import type { IncomingMessage } from 'node:http';
import { ImportRefused } from './refused.js';

const patienceMs = 60_000;

/**
 * The body as it comes, a piece when it is asked for: who does not ask makes the sender wait, for then the socket is not
 * read. Never ends the request, so that the answer can still go out. `signal` ends the waiting with its reason.
 * @throws ImportRefused INTERRUPTED when the sender goes away, or sends nothing for a minute while it is waited for
 */
export async function* sentBytes(request: IncomingMessage, signal: AbortSignal): AsyncGenerator<Buffer, void> {
  for (;;) {
    if (signal.aborted) throw signal.reason;
    const piece = request.read() as Buffer | null;
    if (piece) yield piece;
    else if (request.readableEnded) return;
    else if (request.destroyed) throw interrupted('the sender went away before the end of the file');
    else await change(request, signal);
  }
}

/** Resolves when there may be more to read, or nothing any more. */
function change(request: IncomingMessage, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const events = ['readable', 'end', 'error', 'close'] as const;
    const settle = (error?: Error) => {
      clearTimeout(timer);
      for (const event of events) request.off(event, changed);
      signal.removeEventListener('abort', changed);
      if (error) reject(error);
      else resolve();
    };
    const changed = () => settle();
    const timer = setTimeout(
      () => settle(interrupted(`nothing was sent for ${patienceMs / 1000} seconds`)),
      patienceMs,
    );
    for (const event of events) request.once(event, changed);
    signal.addEventListener('abort', changed, { once: true });
  });
}

const interrupted = (message: string): ImportRefused => new ImportRefused(400, 'INTERRUPTED', message);
