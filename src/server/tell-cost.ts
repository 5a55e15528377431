import type { ServerResponse } from 'node:http';
import type { Context } from '../context.js';

/**
 * What a key has left, in the header `ratelimit` of each answer (draft-ietf-httpapi-ratelimit-headers). What the
 * operation itself has cost is told to who asks for it: see `withCost`.
 */
export function tellSpent(response: ServerResponse, { spent }: Context): void {
  if (spent) response.setHeader('ratelimit', `"points";r=${spent.left}`);
}

interface Asked {
  extensions?: Record<string, unknown> | null | undefined;
}

/**
 * An answer with what its operation has cost, where the request has `extensions: { "cost": true }`: who does not ask gets
 * no longer answers. Over WebSocket, where answers have no head, the only place; a subscription is paid for once, and its
 * events are as they are.
 */
export function withCost<Result extends Asked>(result: Result, request: Asked, { spent, operation }: Context): Result {
  if (!spent || request.extensions?.cost !== true || operation === 'subscription') return result;
  return { ...result, extensions: { ...result.extensions, cost: spent } };
}
