import { request } from 'node:http';
import { WebSocket } from 'ws';
import type { Attack } from './attacks.js';

/** What became of an attack: the status or the close code, and what was said. */
export interface Repelled {
  refused: boolean;
  status: number;
  text: string;
}

export interface Attacked {
  /** http://…/graphql */
  url: string;
  key: string;
}

/** Sends it over a connection of its own. An answer without errors, and none within ten seconds, is no refusal. */
export function attackByHttp({ url, key }: Attacked, { http }: Attack): Promise<Repelled> {
  const { method = 'POST', path = '', headers = {}, body } = http!;
  return new Promise((resolve) => {
    const sent = request(`${url}${path}`, {
      method,
      agent: false,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(body === undefined || 'transfer-encoding' in headers ? {} : { 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
    });
    const end = (repelled: Repelled) => {
      clearTimeout(late);
      resolve(repelled);
      sent.destroy();
    };
    const late = setTimeout(() => end({ refused: false, status: 0, text: 'no answer' }), 10_000);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('close', () =>
        end({ refused: isRefused(text) || response.statusCode! >= 400, status: response.statusCode!, text }),
      );
    });
    // before an answer was read: the hub has closed on what it does not take
    sent.on('error', (error) => end({ refused: true, status: 0, text: String(error) }));
    sent.end(body);
  });
}

/** The same over a WebSocket that its key has opened. */
export async function attackBySocket(hub: Attacked, attack: Attack): Promise<Repelled> {
  const socket = await acknowledged(hub);
  return repelled(socket, attack);
}

/** A socket as a client opens one. @throws when it is closed before it is acknowledged */
export function acknowledged({ url, key }: Attacked): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { perMessageDeflate: false });
    const payload = { authorization: `Bearer ${key}` };
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
    socket.once('message', () => resolve(socket));
    socket.once('error', reject);
    socket.once('close', (code, reason) => reject(new Error(`closed with ${code} ${String(reason)}`)));
  });
}

export function repelled(socket: WebSocket, attack: Attack): Promise<Repelled> {
  return new Promise((resolve) => {
    const end = (repelled: Repelled) => {
      clearTimeout(late);
      resolve(repelled);
      socket.terminate();
    };
    const late = setTimeout(() => end({ refused: false, status: 0, text: 'no answer' }), 10_000);
    socket.removeAllListeners('error').on('error', () => undefined); // a broken connection is told by its close
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      const { type } = JSON.parse(text) as { type: string };
      if (type === 'error' || type === 'next') end({ refused: type === 'error' || isRefused(text), status: 0, text });
    });
    socket.on('close', (code, reason) => end({ refused: code >= 1_002, status: code, text: String(reason) }));
    socket.send(attack.socket!);
  });
}

/** Errors and no data. */
function isRefused(text: string): boolean {
  try {
    const { payload, ...answer } = JSON.parse(text) as Answer & { payload?: Answer };
    const { errors, data } = payload ?? answer;
    return (errors?.length ?? 0) > 0 && data == null;
  } catch {
    return false;
  }
}

interface Answer {
  errors?: unknown[];
  data?: unknown;
}
