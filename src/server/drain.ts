import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** What is under way when nothing new is taken any more may go on for so long. */
export const finishMs = 10_000;
/** A connection on which nothing has come for so long was opened in advance. */
const silentMs = 1_000;
const lookEveryMs = 50;

/**
 * The end of the hub's port, in which no request is cut off (delivery-design C, D 13). Closing a kept-alive connection is
 * a race with the request that its client may just be sending, and HTTP/1.1 has no word for "send nothing more" but in an
 * answer. So there is a grace in which every answer says `connection: close`; what is idle after it has been silent for as
 * long, and a balancer that asks `/readyz`, or closes its own idle connections sooner, sends nothing there.
 */
export class Drain {
  private begun = false;
  private readonly unanswered = new Set<ServerResponse>();
  private readonly connections = new Set<Socket>();

  constructor(
    private readonly server: Server,
    /** How long requests are still taken. 0: not at all, for nobody is there who would have to notice. */
    private readonly graceMs: number,
  ) {
    server.on('connection', (socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
    server.prependListener('request', (_request, response) => this.watch(response));
  }

  /** From its first moment the hub is not ready. */
  get hasBegun(): boolean {
    return this.begun;
  }

  /** Makes each answer the last one of its connection, those under way too. Resolves when the grace is over. */
  async begin(): Promise<void> {
    this.begun = true;
    for (const response of this.unanswered) this.makeLast(response);
    if (this.graceMs > 0) await sleep(this.graceMs);
  }

  /** Takes no connection any more; resolves when the last one has ended, WebSockets too: within `finishMs`. */
  async finish(): Promise<void> {
    await nextTurn(); // what has arrived is taken first, connections and requests: closing would reset them
    const closed = new Promise((resolve) => this.server.close(resolve));
    const idle = setInterval(() => this.server.closeIdleConnections(), lookEveryMs);
    const silent = setTimeout(() => this.closeSilent(), silentMs);
    const late = setTimeout(() => this.server.closeAllConnections(), finishMs);
    await closed;
    clearInterval(idle);
    clearTimeout(silent);
    clearTimeout(late);
  }

  private watch(response: ServerResponse): void {
    if (this.begun) return this.makeLast(response);
    this.unanswered.add(response);
    response.once('close', () => this.unanswered.delete(response));
  }

  private makeLast(response: ServerResponse): void {
    if (!response.headersSent) response.setHeader('connection', 'close');
  }

  /** Node counts them as busy for as long as headers may take. */
  private closeSilent(): void {
    for (const socket of this.connections) if (socket.bytesRead === 0) socket.destroy();
  }
}
