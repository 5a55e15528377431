import type { WebSocket } from 'ws';
import type { Caller } from '../access/caller.js';
import { TokenBuckets } from '../limits/token-buckets.js';

/** Closes a socket beyond those that a key may have open. */
export const tooManySocketsCode = 4430;
/** Closes a socket whose client sends messages faster than it may. */
export const tooManyMessagesCode = 4431;

/** So many messages may come at once: all subscriptions of a client that comes back, and what it asks beside. */
const burstSeconds = 5;

/** How many sockets a key has open on this process, and how fast each of them may be spoken on. */
export class SocketLimits {
  private readonly open = new Map<string, number>();

  constructor(private readonly most: { socketsPerKey: number; messagesPerSecond: number }) {}

  /** A socket was opened. */
  watch(socket: WebSocket): void {
    const { messagesPerSecond } = this.most;
    const allowance = new TokenBuckets(messagesPerSecond * burstSeconds, messagesPerSecond);
    socket.on('message', () => {
      if (socket.readyState !== socket.OPEN || allowance.take('', 1) === 0) return;
      socket.close(tooManyMessagesCode, `more than ${messagesPerSecond} messages a second`);
    });
  }

  /** It has said whose it is. False: its key has as many open as it may, and this one is closed. */
  join(socket: WebSocket, { kind, id }: Caller): boolean {
    if (socket.readyState !== socket.OPEN) return false;
    const { socketsPerKey } = this.most;
    const name = `${kind} ${id}`;
    const others = this.open.get(name) ?? 0;
    if (others >= socketsPerKey) {
      socket.close(tooManySocketsCode, `this key has ${socketsPerKey} sockets open already`);
      return false;
    }
    this.open.set(name, others + 1);
    socket.once('close', () => this.leave(name));
    return true;
  }

  private leave(name: string): void {
    const others = this.open.get(name)! - 1;
    if (others > 0) this.open.set(name, others);
    else this.open.delete(name);
  }
}
