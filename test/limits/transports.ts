import WebSocket from 'ws';
import type { TestHub } from '../hub.js';

export interface Request {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  extensions?: Record<string, unknown>;
  /** By which a persisted operation may be sent. */
  documentId?: string;
  id?: string;
}

export interface Answer {
  /** Over HTTP. */
  status?: number;
  headers?: Headers;
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: Record<string, unknown> }[];
  extensions?: Record<string, unknown>;
}

/** Asks the hub over one of its transports. */
export type Ask = (request: Request) => Promise<Answer>;

export function overHttp(hub: TestHub, key: string): Ask {
  return async (request) => {
    const response = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(request),
    });
    const { status, headers } = response;
    return { status, headers, ...((await response.json()) as Answer) };
  };
}

/** A socket for each request, in the bare protocol: what is refused before it runs comes as `error`. */
export function overWebSocket(hub: TestHub, key: string): Ask {
  return (request) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      const say = (message: object) => socket.send(JSON.stringify(message));
      const end = (answer: Answer) => {
        resolve(answer);
        socket.close();
      };
      socket.on('open', () => say({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } }));
      socket.on('message', (data: Buffer) => {
        const { type, payload } = JSON.parse(data.toString()) as { type: string; payload: unknown };
        if (type === 'connection_ack') say({ id: '1', type: 'subscribe', payload: request });
        if (type === 'next') end(payload as Answer);
        if (type === 'error') end({ errors: payload as Answer['errors'] & object });
      });
      socket.on('close', (code) => reject(new Error(`the socket was closed with ${code}`)));
      socket.on('error', reject);
    });
}
