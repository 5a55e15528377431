import type { IncomingMessage, ServerResponse } from 'node:http';
import { Context } from '../context.js';
import type { Hub } from '../hub.js';
import { costs } from '../limits/field-costs.js';
import { readJson } from '../server/read-body.js';
import { bodyOf, callerOfBody, callerOfHeader, callOf, dryRunOf, type Body, type Call } from './call.js';
import { enableCustomers } from './enable.js';
import { refusedEnvelope, type Envelope } from './envelope.js';
import { insertCustomers } from './insert.js';
import { refusedBecauseOf, Refused } from './refused.js';
import { UnknownSenders } from './unknown-senders.js';

export type Door = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

const maxBytes = 32 * 1024 * 1024;

/**
 * The Netstorming door, by path: partners of that platform change the URL and nothing else (N1–N44). Whatever happens is
 * told in their envelope, with 401 for the key, 403 for the owner, 400 for the body, each under `line/index` 0 (A29).
 */
export function createNetstormingDoor(hub: Hub, senders = new UnknownSenders()): ReadonlyMap<string, Door> {
  return new Map([
    ['/api/customers/insert', doorOf(hub, senders, { work: insertCustomers, action: 'netstorming insert', none: [] })],
    [
      '/api/customers/enable',
      doorOf(hub, senders, { work: (call) => enableCustomers(call, true), action: 'netstorming enable', none: {} }),
    ],
    [
      '/api/customers/disable',
      doorOf(hub, senders, { work: (call) => enableCustomers(call, false), action: 'netstorming disable', none: {} }),
    ],
  ]);
}

interface Endpoint<Results> {
  work: (call: Call) => Promise<Envelope<Results>>;
  /** For the audit log. */
  action: string;
  /** The results of a call that is refused. */
  none: Results;
}

function doorOf<Results>(hub: Hub, senders: UnknownSenders, { work, action, none }: Endpoint<Results>): Door {
  return async (request, response, requestId) => {
    let dryRun = false;
    let ctx: Context | undefined;
    try {
      demandPost(request);
      const fromHeader = await callerOfHeader(hub, request);
      const body = await readBody(request, fromHeader ? null : senders);
      dryRun = dryRunOf(body) === true;
      ctx = new Context(hub, await callerOfBody(hub, request, body, fromHeader), requestId, action);
      const call = await callOf(ctx, request, body);
      ctx.pay(costs.mutation + costs.item * call.rows.length);
      send(response, 200, await work(call));
    } catch (error) {
      const refused = refusedBecauseOf(error) ?? unexpected(hub, error, requestId);
      send(response, refused.status, refusedEnvelope(dryRun, none, refused.messages), refused.headers);
    } finally {
      await ctx?.end();
    }
  };
}

function demandPost({ method }: IncomingMessage): void {
  if (method !== 'POST') throw new Refused(405, ['invalid method (send a POST)']);
}

async function readBody(request: IncomingMessage, senders: UnknownSenders | null): Promise<Body> {
  if (!senders) return bodyOf(await readJson(request, maxBytes));
  return bodyOf(await senders.reading((arrived) => readJson(request, maxBytes, arrived)));
}

function unexpected(hub: Hub, error: unknown, requestId: string): Refused {
  hub.log('error', 'request failed', { requestId, error });
  return new Refused(500, [`internal error, logged under the request id ${requestId}`]);
}

/** What a status obliges to. 413 and 503 end the connection: what is left of the body is not waited for. */
const headersOf: Partial<Record<number, Record<string, string>>> = {
  401: { 'www-authenticate': 'Bearer' },
  405: { allow: 'POST' },
  413: { connection: 'close' },
  503: { connection: 'close', 'retry-after': '1' },
};

function send(
  response: ServerResponse,
  status: number,
  envelope: Envelope<unknown>,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...headersOf[status],
    ...headers,
  });
  response.end(JSON.stringify(envelope));
}
