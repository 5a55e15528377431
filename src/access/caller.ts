import { Refusal } from '../errors.js';
import type { Scope } from './scope.js';

export interface OwnerRef {
  id: string;
  code: string;
}

/** How a caller has shown who it is: by an api key, a token of the OpenID Connect issuer, or STAMDATA_ADMIN_KEY. */
export type CallerKind = 'KEY' | 'TOKEN' | 'OPERATOR';

/** Who is calling. `owners` is 'every' for the operator's key (STAMDATA_ADMIN_KEY) alone. */
export interface Caller {
  kind: CallerKind;
  /** Id of the api key; subject of the token; null for the operator's key. */
  id: string | null;
  /** Name of the key, or the subject of the token: the `origin` of what it writes. */
  name: string;
  scopes: ReadonlySet<Scope>;
  owners: readonly OwnerRef[] | 'every';
  /** The owner of this request: the only one covered, or the one picked by `stamdata-owner`. */
  picked: OwnerRef | null;
}

/** Whether two callers are the same key or subject. */
export const isSameCaller = (a: Caller, b: Caller): boolean => a.kind === b.kind && a.id === b.id;

/** @throws Refusal FORBIDDEN when the caller lacks the scope. */
export function demandScope(caller: Caller, scope: Scope): void {
  if (!caller.scopes.has(scope)) throw new Refusal('FORBIDDEN', `this key lacks the scope ${scope}`);
}

/** The owner of the request. @throws Refusal when the key covers several and none was picked. */
export function pickedOwner(caller: Caller): OwnerRef {
  if (caller.picked) return caller.picked;
  const covered =
    caller.owners === 'every' ? 'every owner' : `several owners (${caller.owners.map((o) => o.code).join(', ')})`;
  throw new Refusal(
    'BAD_USER_INPUT',
    `this key covers ${covered}: name one in the header stamdata-owner (WebSocket: connectionParams.owner)`,
  );
}

/** The covered owner with a code, in either case; undefined for one that is not covered. Not for 'every'. */
export function coveredOwner(owners: readonly OwnerRef[], code: string): OwnerRef | undefined {
  return owners.find((owner) => owner.code.toLowerCase() === code.toLowerCase());
}
