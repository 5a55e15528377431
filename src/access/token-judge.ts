import { createHash } from 'node:crypto';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import type { Database } from '../database/database.js';
import type { Caller, OwnerRef } from './caller.js';
import { IssuerSilent, type IssuerKeys } from './issuer-keys.js';
import { ownerCodesOf, scopesOf, subjectOf } from './token-claims.js';
import { TokenRefused } from './token-refused.js';

/** Public-key signatures alone: neither `none` nor HS256, with which the issuer's public key would be a password. */
const algorithms = ['RS256', 'ES256', 'EdDSA'];
const skewSeconds = 60;
const maxLength = 8 * 1024;
/** A token that was judged is not judged again for so long; so a new owner, or a withdrawn key, counts within it. */
const trustMs = 2_000;
const maxTrusted = 10_000;

type TokenCaller = Omit<Caller, 'picked'> & { owners: readonly OwnerRef[] };

/** Judges the tokens (JWTs) of the configured OpenID Connect issuer: signature, issuer, audience, times, and whom they cover. */
export class TokenJudge {
  private readonly trusted = new Map<string, { caller: TokenCaller; until: number }>();

  /** @param now milliseconds */
  constructor(
    private readonly db: Database,
    private readonly expected: { issuer: string; audience: string },
    private readonly keys: IssuerKeys,
    private readonly now: () => number = Date.now,
  ) {}

  /** Whether a text has the form of a token, signed or not. */
  isToken(text: string): boolean {
    return text.length <= maxLength && /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(text);
  }

  /** Who the token says is calling: its subject, with the scopes and owners that it names. @throws TokenRefused */
  async judge(token: string): Promise<TokenCaller> {
    const digest = createHash('sha256').update(token).digest('base64');
    const entry = this.trusted.get(digest);
    if (entry && entry.until > this.now()) return entry.caller;
    this.trusted.delete(digest);
    const claims = await this.verified(token);
    const caller = await this.callerOf(claims);
    if (this.trusted.size >= maxTrusted) this.trusted.clear();
    const ends = (claims.exp! + skewSeconds) * 1_000;
    this.trusted.set(digest, { caller, until: Math.min(this.now() + trustMs, ends) });
    return caller;
  }

  /** Ends what is under way. */
  stop(): void {
    this.keys.stop();
  }

  private async verified(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, (head, jws) => this.keys.keyFor(head, jws), {
        ...this.expected,
        algorithms,
        clockTolerance: skewSeconds,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(this.now()),
      });
      return payload;
    } catch (error) {
      throw refusedFor(error);
    }
  }

  private async callerOf(claims: JWTPayload): Promise<TokenCaller> {
    const id = subjectOf(claims);
    if (id === null) throw new TokenRefused('token_claims', 'this token is refused: its sub is no text of 1 to 255');
    const owners = await this.ownersOf(ownerCodesOf(claims));
    if (owners.length === 0)
      throw new TokenRefused('token_no_owner', 'this token covers no owner of this hub (claim stamdata_owner)');
    return { kind: 'TOKEN', id, name: id, scopes: scopesOf(claims), owners };
  }

  private async ownersOf(codes: string[]): Promise<OwnerRef[]> {
    if (codes.length === 0) return [];
    return this.db.asSystem((sql) =>
      sql.rows<OwnerRef>(
        '/* ownersOfToken */ SELECT id, code FROM owner WHERE lower(code) = ANY ($1::text[]) ORDER BY code',
        [codes.map((code) => code.toLowerCase())],
      ),
    );
  }
}

/** The times and the audience are judged after the signature, so what is told of them is told to the issuer's own callers. */
function refusedFor(error: unknown): Error {
  if (error instanceof IssuerSilent)
    return new TokenRefused('issuer_silent', 'tokens cannot be judged right now: their issuer does not answer');
  if (error instanceof errors.JWTExpired) return new TokenRefused('token_expired', 'this token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf') return new TokenRefused('token_not_yet_valid', 'this token is not valid yet');
    return new TokenRefused('token_claims', `this token is refused for its claim ${error.claim}`);
  }
  if (error instanceof errors.JOSEError)
    return new TokenRefused('token_invalid', 'this token is not one of the configured issuer');
  return error as Error;
}
