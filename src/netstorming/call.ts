import type { IncomingMessage } from 'node:http';
import { demandScope, isSameCaller, type Caller, type OwnerRef } from '../access/caller.js';
import { isObject } from '../format/json-object.js';
import type { Context } from '../context.js';
import { Refusal } from '../errors.js';
import { booleanWords, readBoolean } from '../format/boolean-word.js';
import { isAbsent } from '../format/text.js';
import type { Hub } from '../hub.js';
import { Refused } from './refused.js';

/** A call whose caller may make it. The rows are still to be judged. */
export interface Call {
  ctx: Context;
  owner: OwnerRef;
  dryRun: boolean;
  rows: unknown[];
  /** The header `Idempotency-Key`; null without one. */
  idempotencyKey: string | null;
}

export type Body = Record<string, unknown>;

/** The body as an object. @throws Refused 400 */
export function bodyOf(parsed: unknown): Body {
  if (isObject(parsed)) return parsed;
  throw new Refused(400, ['invalid body (send an object with key, owner_code and customers)']);
}

/**
 * The body's `dry_run`: one of the eight words of N43, JSON's true, false, 1 or 0 (A56). Left out or null it is false;
 * 'malformed' for all else, empty text too: who meant to try must not find that it was done.
 */
export function dryRunOf({ dry_run: given }: Body): boolean | 'malformed' {
  return given === undefined || given === null ? false : (readBoolean(given) ?? 'malformed');
}

/**
 * Who calls, by the `authorization` of the request; null without a Bearer in it, then the key is in the body (N1).
 * @throws Refusal UNAUTHENTICATED
 */
export function callerOfHeader(hub: Hub, { headers, socket }: IncomingMessage): Promise<Caller | null> {
  const { authorization } = headers;
  if (!/^Bearer\b/i.test(authorization ?? '')) return Promise.resolve(null);
  return hub.wrongKeys.from(socket.remoteAddress, authorization, () =>
    hub.authenticator.authenticate(authorization, undefined),
  );
}

/**
 * Who calls, by the key in the body (N1). One in the header and another one in the body are refused: nobody could say
 * whose customers these are.
 * @throws Refused, Refusal 401 for no key, a wrong one, or two
 */
export async function callerOfBody(
  hub: Hub,
  { socket }: IncomingMessage,
  { key }: Body,
  fromHeader: Caller | null,
): Promise<Caller> {
  if (isAbsent(key)) {
    if (fromHeader) return fromHeader;
    throw new Refused(401, ['missing key']);
  }
  const caller = typeof key === 'string' ? await identified(hub, socket.remoteAddress, key.trim()) : null;
  if (!caller) throw new Refused(401, ['invalid key']);
  if (fromHeader && !isSameCaller(fromHeader, caller))
    throw new Refused(401, ['invalid key (not the one in the authorization header)']);
  return caller;
}

/**
 * What an identified caller asks for.
 * @throws Refusal, Refused 403 for a missing scope and an owner that is not covered, Refused 400 with all that is wrong
 */
export async function callOf(ctx: Context, request: IncomingMessage, body: Body): Promise<Call> {
  demandScope(ctx.caller, 'customers:bulk');
  const { owner_code: ownerCode, customers: rows } = body;
  const dryRun = dryRunOf(body);
  const wrong = [
    ...(typeof ownerCode === 'string' && !isAbsent(ownerCode) ? [] : [wrongField('owner_code', ownerCode)]),
    ...(dryRun === 'malformed' ? [`invalid dry_run (valid values: ${booleanWords.join(', ')})`] : []),
    ...(Array.isArray(rows) ? [] : [wrongField('customers', rows, ' (send a list of objects)')]),
  ];
  if (wrong.length > 0) throw new Refused(400, wrong);
  const owner = await coveredOwner(ctx, (ownerCode as string).trim());
  const header = request.headers['idempotency-key'];
  const idempotencyKey = header === undefined ? null : String(header);
  return { ctx, owner, dryRun: dryRun === true, rows: rows as unknown[], idempotencyKey };
}

const identified = (hub: Hub, address: string | undefined, key: string): Promise<Caller | null> =>
  hub.wrongKeys
    .from(address, key, () => hub.authenticator.identify(key, undefined))
    .catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'UNAUTHENTICATED') return null;
      throw error;
    });

/** The hub quotes the owner's code in its refusal, which may be anything of any length here. */
async function coveredOwner(ctx: Context, code: string): Promise<OwnerRef> {
  try {
    return await ctx.ownerNamed(code, 'customers:bulk');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refused(403, ['invalid owner_code (unknown, or not covered by this key)']);
  }
}

const wrongField = (field: string, given: unknown, hint = ''): string =>
  isAbsent(given) ? `missing ${field}` : `invalid ${field}${hint}`;
