import { hash, timingSafeEqual } from 'node:crypto';
import type { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { coveredOwner, type Caller, type OwnerRef } from './caller.js';
import { KeyBook } from './key-book.js';
import { noRefusedCalls, type RefusedReason } from './refused-calls.js';
import { scopes } from './scope.js';
import type { TokenJudge } from './token-judge.js';
import { TokenRefused } from './token-refused.js';

/** Tells who calls, by a key or a token, for every door. One per process; counts whom it refuses. */
export class Authenticator {
  readonly refused = noRefusedCalls();
  private readonly keys: KeyBook;

  private readonly adminDigest: Buffer | null;

  /** `tokens`: the judge of the OpenID Connect issuer's tokens; null: none is configured. */
  constructor(
    private readonly db: Database,
    adminKey: string | null,
    private readonly tokens: TokenJudge | null = null,
  ) {
    this.keys = new KeyBook(db);
    this.adminDigest = adminKey === null ? null : hash('sha256', adminKey, 'buffer');
  }

  /**
   * @param authorization the header (`Bearer stam_live_…`, or a token), or undefined
   * @param ownerCode the owner picked by `stamdata-owner`, or undefined
   * @throws Refusal UNAUTHENTICATED for no or a wrong key, FORBIDDEN for an owner that it does not cover
   */
  async authenticate(authorization: string | undefined, ownerCode: string | undefined): Promise<Caller> {
    const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (!token) throw this.refusal('missing', 'send a key: authorization: Bearer stam_live_…');
    return this.identify(token, ownerCode);
  }

  /** The same for a bare key, as partners send it in the body of the Netstorming door (N1). */
  async identify(token: string, ownerCode: string | undefined): Promise<Caller> {
    const given = hash('sha256', token, 'buffer');
    if (this.adminDigest && timingSafeEqual(given, this.adminDigest)) return this.operator(ownerCode);
    if (this.tokens?.isToken(token)) return this.ofToken(this.tokens, token, ownerCode);
    const key = await this.keys.find(token, given);
    if (typeof key === 'string') throw this.refusal(key, 'this key is unknown, revoked or expired');
    const { id, name, scopes, owners } = key;
    return this.picking({ kind: 'KEY', id, name, scopes, owners }, ownerCode);
  }

  /** The owner with a code, if the caller covers it. @throws Refusal FORBIDDEN otherwise, whether it exists or not. */
  async ownerOf(caller: Caller, code: string): Promise<OwnerRef> {
    const owner = caller.owners === 'every' ? await this.ownerByCode(code) : coveredOwner(caller.owners, code);
    if (!owner) throw this.notCovered(code);
    return owner;
  }

  /** Forgets a key at once on this process; others follow within two seconds. */
  forget(keyId: string): void {
    this.keys.forget(keyId);
  }

  private async operator(ownerCode: string | undefined): Promise<Caller> {
    const who = { kind: 'OPERATOR', id: null, name: 'operator' } as const;
    const caller: Caller = { ...who, scopes: new Set(scopes), owners: 'every', picked: null };
    if (ownerCode === undefined) return { ...caller, picked: await this.onlyOwner() };
    return { ...caller, picked: await this.ownerOf(caller, ownerCode) };
  }

  private async ofToken(tokens: TokenJudge, token: string, ownerCode: string | undefined): Promise<Caller> {
    try {
      return this.picking(await tokens.judge(token), ownerCode);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      throw this.refusal(error.reason, error.message, error.reason === 'token_no_owner' ? 'FORBIDDEN' : undefined);
    }
  }

  private picking(caller: Omit<Caller, 'picked'> & { owners: readonly OwnerRef[] }, code: string | undefined): Caller {
    const { owners } = caller;
    if (code === undefined) return { ...caller, picked: owners.length === 1 ? owners[0]! : null };
    const picked = coveredOwner(owners, code);
    if (!picked) throw this.notCovered(code);
    return { ...caller, picked };
  }

  private async ownerByCode(code: string): Promise<OwnerRef | undefined> {
    const [owner] = await this.db.asSystem((sql) =>
      sql.rows<OwnerRef>('/* ownerByCode */ SELECT id, code FROM owner WHERE lower(code) = lower($1)', [code]),
    );
    return owner;
  }

  private async onlyOwner(): Promise<OwnerRef | null> {
    const owners = await this.db.asSystem((sql) =>
      sql.rows<OwnerRef>('/* onlyOwner */ SELECT id, code FROM owner ORDER BY id LIMIT 2'),
    );
    return owners.length === 1 ? owners[0]! : null;
  }

  private notCovered(code: string): Refusal {
    return this.refusal('foreign_owner', `this key does not cover an owner ${JSON.stringify(code)}`, 'FORBIDDEN');
  }

  private refusal(
    reason: RefusedReason,
    message: string,
    code: 'UNAUTHENTICATED' | 'FORBIDDEN' = 'UNAUTHENTICATED',
  ): Refusal {
    this.refused[reason]++;
    return new Refusal(code, message);
  }
}
