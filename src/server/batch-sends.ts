import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { textFrame } from './text-frame.js';

/** So many messages of one socket go out together; more would hold up the other sockets of the process. */
const mostTogether = 8;
/** With more than this unsent, a message counts as sent only when it has left the process: the client is slow. */
const mostUnsentBytes = 64 * 1024;

type Sent = (error?: Error) => void;

/**
 * Lets messages that follow each other at once leave in one write: of the fan-out to 1,000 subscribers two thirds were
 * the system's write calls, one for each message. `expand` gives the pieces of the text that really goes out; they
 * become a frame in one step, without what `ws` does for compression and masks, which are not used here. graphql-ws
 * sends texts only, and waits for each; a message is told as sent as soon as it is on its way, as long as the client
 * keeps up.
 */
export function batchSends(socket: WebSocket, expand: (message: string) => readonly (string | Buffer)[]): void {
  const raw = (socket as unknown as { _socket: Socket })._socket;
  let together = 0;
  const flush = () => {
    together = 0;
    raw.uncork();
  };
  const failed = (error?: Error | null) => {
    if (error) socket.terminate(); // it was told as sent: nothing may follow it
  };
  socket.send = (message: unknown, given: unknown) => {
    const frame = textFrame(expand(message as string));
    const sent = given as Sent;
    if (raw.writableLength > mostUnsentBytes || together === mostTogether)
      return void raw.write(frame, (error) => sent(error ?? undefined));
    if (together++ === 0) {
      raw.cork();
      setImmediate(flush);
    }
    raw.write(frame, failed);
    sent();
  };
}
