import { createLocalJWKSet, errors, type CryptoKey, type FlattenedJWSInput, type JWSHeaderParameters } from 'jose';
import type { Log } from '../log.js';
import { issuerKeySet } from './issuer-documents.js';

/** Keys this old are asked for again, beside the requests that use them. */
const refreshMs = 10 * 60_000;
/** For a key id that is unknown, the issuer is asked no more often than this: anybody can make one up. */
const cooldownMs = 30_000;
/** While nothing is known at all, it is asked this often. */
const retryMs = 2_000;
/** An issuer that cannot be reached is trusted this long by the keys it had: it may have withdrawn one since. */
const keptMs = 24 * 3_600_000;

/** The issuer did not answer, and nothing is known of its keys. */
export class IssuerSilent extends Error {}

/** The signing keys of an OpenID Connect issuer, as one process knows them. */
export class IssuerKeys {
  private known: { find: ReturnType<typeof createLocalJWKSet>; at: number } | null = null;
  private asking: Promise<void> | null = null;
  private askedAt = -Infinity;
  private readonly end = new AbortController();

  /** @param now milliseconds */
  constructor(
    private readonly issuer: string,
    private readonly log: Log,
    private readonly now: () => number = Date.now,
  ) {}

  /** The key that a token's head names. @throws IssuerSilent, or jose's error for a head that fits no key */
  async keyFor(head: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    const known = await this.present();
    try {
      return await known.find(head, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.ask(cooldownMs);
      if (this.known === known) throw error;
      return this.known!.find(head, token);
    }
  }

  /** Ends what is being asked. */
  stop(): void {
    this.end.abort();
  }

  private async present() {
    const age = this.known ? this.now() - this.known.at : Infinity;
    if (age > keptMs) {
      this.known = null;
      await this.ask(retryMs);
    } else if (age > refreshMs) void this.ask(cooldownMs);
    if (!this.known) throw new IssuerSilent('the issuer does not answer');
    return this.known;
  }

  /** Keeps what is known when it fails. Never rejects. */
  private ask(noSoonerMs: number): Promise<void> {
    if (this.asking) return this.asking;
    if (this.end.signal.aborted || this.now() - this.askedAt < noSoonerMs) return Promise.resolve();
    this.askedAt = this.now();
    this.asking = issuerKeySet(this.issuer, this.end.signal)
      .then((keys) => {
        this.known = { find: createLocalJWKSet(keys), at: this.now() };
      })
      .catch((error: unknown) => {
        if (!this.end.signal.aborted)
          this.log('warn', 'the keys of OIDC_ISSUER cannot be read, will try again', { part: 'access', error });
      })
      .finally(() => {
        this.asking = null;
      });
    return this.asking;
  }
}
