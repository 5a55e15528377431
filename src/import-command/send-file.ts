import { once } from 'node:events';
import { request as overHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import type { Counts } from '../import/operation-place.js';
import { textLines } from './text-lines.js';

export interface Sending {
  url: URL;
  headers: Record<string, string>;
  body: AsyncIterable<Buffer>;
  /** Ends it, with its reason. */
  signal: AbortSignal;
  /** The hub has begun; `how`: with the first row, behind the last one, or only to tell it again. */
  begun: (operationId: string, how: string) => void;
  /** A row that something is wrong with, as a line of JSON. */
  problem: (line: string) => void;
}

/** The last line of an answer, or a refusal. */
export interface Ending {
  status: number;
  done?: true;
  counts?: Counts;
  error?: { code: string; message: string; line?: number };
}

/** The connection ended before the answer did. */
export class ConnectionLost extends Error {}

/**
 * Sends a file to `POST /import/customers`, no faster than the hub takes it, and reads the answer meanwhile. Waits for as
 * long as it takes. @throws ConnectionLost, the signal's reason, or what reading the file or `problem` throws
 */
export async function sendFile({ url, headers, body, signal, begun, problem }: Sending): Promise<Ending> {
  signal.throwIfAborted();
  const request = (url.protocol === 'https:' ? overHttps : overHttp)(url, { method: 'POST', agent: false, headers });
  const response = once(request, 'response') as Promise<[IncomingMessage]>;
  response.catch(() => undefined); // told below
  request.on('error', () => undefined); // may come more than once
  const stop = () => void request.destroy(new Error('stopped'));
  signal.addEventListener('abort', stop, { once: true });
  const faults: unknown[] = [];
  // not waited for: what comes through a pipe may never end
  send(request, body).catch((fault: unknown) => {
    faults.push(fault);
    request.destroy(new Error('the file cannot be read'));
  });
  try {
    const [answer] = await response;
    const operationId = answer.headers['stamdata-operation'];
    if (operationId !== undefined) begun(String(operationId), String(answer.headers['stamdata-import']));
    return await readAnswer(answer, problem);
  } catch (error) {
    if (faults.length > 0) throw faults[0];
    signal.throwIfAborted();
    if (!isOfNetwork(error)) throw error;
    throw new ConnectionLost(`the connection is lost (${error.code})`);
  } finally {
    signal.removeEventListener('abort', stop);
    request.destroy(); // of a file that was refused, the rest is not wanted
  }
}

/** What was thrown by who was told is not. */
const isOfNetwork = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string';

async function send(request: ClientRequest, body: AsyncIterable<Buffer>): Promise<void> {
  for await (const piece of body) {
    if (request.destroyed) return;
    if (!request.write(piece)) await room(request);
  }
  request.end();
}

/** Resolves when the connection takes more, or has ended. */
function room(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    if (request.destroyed || !request.writableNeedDrain) return resolve();
    const go = () => {
      request.off('drain', go);
      request.off('close', go);
      resolve();
    };
    request.on('drain', go);
    request.on('close', go);
  });
}

async function readAnswer(answer: IncomingMessage, problem: (line: string) => void): Promise<Ending> {
  const status = answer.statusCode!;
  let last: Omit<Ending, 'status'> | null = null;
  for await (const line of textLines(answer)) {
    if (line.startsWith('{"line":')) problem(line);
    else last = parsed(line) ?? last;
  }
  if (last?.done || last?.error) return { ...last, status };
  if (status >= 500) throw new ConnectionLost(`the hub answers with ${status}`);
  if (status === 200) throw new ConnectionLost('the answer broke off');
  const message = `this is no answer of a hub (status ${status})`;
  return { status, error: { code: 'NO_HUB', message } };
}

function parsed(line: string): Omit<Ending, 'status'> | null {
  try {
    return JSON.parse(line) as Ending;
  } catch {
    return null; // a page of something in between
  }
}
