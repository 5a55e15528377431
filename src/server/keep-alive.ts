import type { WebSocket } from 'ws';

/**
 * Pings a socket every `everyMs` and cuts it off when no answer has come by the next time: its client has gone. A client
 * that is there but does not take what it is sent answers nothing either, for the ping stands behind that; it has
 * `stalledMs` more, so that whoever watches its subscriptions can close it first and say where to go on (D11).
 * The one in graphql-ws knows no difference: it cut a stalled client off after 24 s, also in the midst of its closing.
 */
export function keepAlive(socket: WebSocket, everyMs: number, stalledMs: number): void {
  let askedAt: number | null = null;
  const look = () => {
    if (socket.readyState !== socket.OPEN) return; // ws gives the closing 30 seconds
    if (askedAt === null) {
      askedAt = performance.now();
      socket.ping();
      return;
    }
    const silentMs = performance.now() - askedAt;
    if (socket.bufferedAmount === 0 || silentMs > stalledMs + everyMs) socket.terminate();
  };
  const timer = setInterval(look, everyMs);
  socket.on('pong', () => (askedAt = null));
  socket.once('close', () => clearInterval(timer));
}
