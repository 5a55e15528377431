import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Log } from '../log.js';
import { OperationIds, outward } from './operation-ids.js';

/** What graphql-ws carries along with a socket. */
export interface SocketExtra {
  socket: WebSocket;
  /** With which it was opened. */
  request: IncomingMessage;
  ids: OperationIds;
}

/**
 * Brings graphql-ws the messages of a socket, and the client its answers: in place of `graphql-ws/use/ws`, which takes
 * binary frames for messages, executes what comes behind a fault, calls it a fault of its own (4500) when a client sends
 * what only servers do, or an id too long for a reason, and prints what clients do wrong.
 */
export function speakProtocol(
  protocol: Server<SocketExtra>,
  { socket, request }: Pick<SocketExtra, 'socket' | 'request'>,
  log: Log,
): void {
  const ids = new OperationIds();
  const failed = (error: unknown) => {
    if (socket.readyState !== socket.OPEN) return; // whatever it was, its client has gone
    log('error', 'a message of a socket could not be handled', { error });
    socket.close(CloseCode.InternalServerError, 'Internal server error');
  };
  const ended = protocol.opened(
    {
      protocol: socket.protocol,
      send: (message) => sent(socket, outward(message)),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (take) => {
        socket.on('message', (data: Buffer, isBinary) => {
          if (socket.readyState !== socket.OPEN) return; // closed by what came before
          const message = isBinary ? null : messageOf(data.toString());
          if (!message) return socket.close(CloseCode.BadRequest, 'Invalid message received');
          if (!named(message, ids, socket)) return;
          take(message as never).catch(failed); // it takes a message in its text, or read already
        });
      },
    },
    { socket, request, ids },
  );
  socket.on('error', () => undefined); // a frame that is none, or too large: ws has closed it, with the code for that
  socket.once('close', (code, reason) => {
    ended(code, String(reason)).catch((error: unknown) => log('error', 'a socket could not be tidied up', { error }));
  });
}

function sent(socket: WebSocket, message: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve, reject) => socket.send(message, (error) => (error ? reject(error) : resolve())));
}

type Message = { type: string; id?: unknown };

/** Null: no JSON, or no message of a client. Whether it has all that its type needs is for graphql-ws to say. */
function messageOf(text: string): Message | null {
  try {
    const message = JSON.parse(text) as Message | null;
    return message && ofClients.has(message.type) ? message : null;
  } catch {
    return null;
  }
}

const ofClients = new Set(['connection_init', 'ping', 'pong', 'subscribe', 'complete']);

/** Puts the id that an operation has within the hub in place of its client's. False: not to be handled. */
function named(message: Message, ids: OperationIds, socket: WebSocket): boolean {
  const { type, id } = message;
  if (typeof id !== 'string' || id === '') return true; // graphql-ws refuses it where there has to be one
  if (type === 'complete') message.id = ids.complete(id);
  else if (type === 'subscribe') message.id = ids.begin(id);
  if (message.id === null) socket.close(CloseCode.SubscriberAlreadyExists, reasonWith(id));
  return typeof message.id === 'string';
}

/** RFC 6455, 5.5: a close frame has room for 123 bytes of it. */
function reasonWith(id: string): string {
  const reason = `Subscriber for ${id} already exists`;
  return Buffer.byteLength(reason) <= 123 ? reason : 'Subscriber already exists';
}
