import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { textFrame } from './text-frame.js';

/** So many messages of one socket go out together; more would hold up the other sockets of the process. */
const mostTogether = 8;
/** With more than this unsent, a message counts as sent only when it has left the process: the client is slow. */
const mostUnsentBytes = 64 * 1024;

type Pieces = readonly (string | Buffer)[];
type Sent = (error?: Error) => void;

/**
 * Writes the messages of one socket, those that follow each other at once together: of the fan-out to 1,000 subscribers
 * two thirds were the system's write calls, one for each message. A message becomes a frame in one step, without what
 * `ws` does for compression and masks, which are not used here.
 */
export class SocketWriter {
  private readonly raw: Socket;
  private together = 0;
  private frames: Buffer[] = [];

  /**
   * Takes over what graphql-ws sends on the socket: texts only, and it waits for each; a message is told as sent as
   * soon as it is on its way, as long as the client keeps up. `expand` gives the pieces of what really goes out.
   */
  constructor(
    private readonly socket: WebSocket,
    expand: (message: string) => Pieces,
  ) {
    this.raw = (socket as unknown as { _socket: Socket })._socket;
    socket.send = (message: unknown, sent: unknown) => this.send(textFrame(expand(message as string)), sent as Sent);
  }

  /** Takes a message past graphql-ws, to go out with the next `flush`; false when the client does not keep up. */
  add(pieces: Pieces): boolean {
    if (this.socket.readyState !== this.socket.OPEN || !this.keepsUp(this.frames.length)) return false;
    this.frames.push(textFrame(pieces));
    return true;
  }

  flush(): void {
    if (this.frames.length === 0) return;
    this.raw.write(this.frames.length === 1 ? this.frames[0]! : Buffer.concat(this.frames), this.failed);
    this.frames = [];
  }

  private send(frame: Buffer, sent: Sent): void {
    if (!this.keepsUp(this.together)) return void this.raw.write(frame, (error) => sent(error ?? undefined));
    if (this.together++ === 0) {
      this.raw.cork();
      setImmediate(this.uncork);
    }
    this.raw.write(frame, this.failed);
    sent();
  }

  private keepsUp(together: number): boolean {
    return this.raw.writableLength <= mostUnsentBytes && together < mostTogether;
  }

  private readonly uncork = () => {
    this.together = 0;
    this.raw.uncork();
  };

  private readonly failed = (error?: Error | null) => {
    if (error) this.socket.terminate(); // it was told as sent: nothing may follow it
  };
}
