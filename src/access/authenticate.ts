import { createHash, timingSafeEqual } from 'node:crypto';
import type { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { coveredOwner, type Caller, type OwnerRef } from './caller.js';
import { hashKeySecret, parseKeyText } from './key-text.js';
import { scopes, type Scope } from './scope.js';

/** How long a key that was found stays trusted without asking the database: revocation takes effect within this. */
const trustMs = 2_000;
const maxTrusted = 10_000;

interface KnownKey {
  id: string;
  secretHash: Buffer;
  name: string;
  scopes: Scope[];
  owners: OwnerRef[];
  expiresAt: Date | null;
}

/** Tells who holds a key. One per process; remembers live keys for two seconds. */
export class Authenticator {
  private readonly trusted = new Map<string, { key: KnownKey; until: number }>();

  private readonly adminDigest: Buffer | null;

  constructor(
    private readonly db: Database,
    adminKey: string | null,
  ) {
    this.adminDigest = adminKey === null ? null : digest(adminKey);
  }

  /**
   * @param authorization the header (`Bearer stam_live_…`), or undefined
   * @param ownerCode the owner picked by `stamdata-owner`, or undefined
   * @throws Refusal UNAUTHENTICATED for no or a wrong key, FORBIDDEN for an owner that it does not cover
   */
  async authenticate(authorization: string | undefined, ownerCode: string | undefined): Promise<Caller> {
    const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (!token) throw new Refusal('UNAUTHENTICATED', 'send a key: authorization: Bearer stam_live_…');
    return this.identify(token, ownerCode);
  }

  /** The same for a bare key, as partners send it in the body of the Netstorming door (N1). */
  async identify(token: string, ownerCode: string | undefined): Promise<Caller> {
    if (this.isAdminKey(token)) return this.operator(ownerCode);
    const key = await this.find(token);
    if (!key) throw new Refusal('UNAUTHENTICATED', 'this key is unknown, revoked or expired');
    const caller = { keyId: key.id, name: key.name, scopes: new Set(key.scopes), owners: key.owners };
    if (ownerCode === undefined) return { ...caller, picked: key.owners.length === 1 ? key.owners[0]! : null };
    const picked = coveredOwner(key.owners, ownerCode);
    if (!picked) throw notCovered(ownerCode);
    return { ...caller, picked };
  }

  /** The owner with a code, if the caller covers it. @throws Refusal FORBIDDEN otherwise, whether it exists or not. */
  async ownerOf(caller: Caller, code: string): Promise<OwnerRef> {
    const owner = caller.owners === 'every' ? await this.ownerByCode(code) : coveredOwner(caller.owners, code);
    if (!owner) throw notCovered(code);
    return owner;
  }

  /** Forgets a key at once on this process; others follow within two seconds. */
  forget(keyId: string): void {
    for (const [publicId, entry] of this.trusted) if (entry.key.id === keyId) this.trusted.delete(publicId);
  }

  private isAdminKey(token: string): boolean {
    return this.adminDigest !== null && timingSafeEqual(digest(token), this.adminDigest);
  }

  private async operator(ownerCode: string | undefined): Promise<Caller> {
    const caller: Caller = { keyId: null, name: 'operator', scopes: new Set(scopes), owners: 'every', picked: null };
    if (ownerCode === undefined) return { ...caller, picked: await this.onlyOwner() };
    return { ...caller, picked: await this.ownerOf(caller, ownerCode) };
  }

  private async find(token: string): Promise<KnownKey | null> {
    const parsed = parseKeyText(token);
    if (!parsed) return null;
    const entry = this.trusted.get(parsed.publicId);
    const key = entry && entry.until > Date.now() ? entry.key : await this.load(parsed.publicId);
    if (!key || !timingSafeEqual(key.secretHash, hashKeySecret(parsed.secret))) return null;
    return key.expiresAt && key.expiresAt.getTime() <= Date.now() ? null : key;
  }

  private async load(publicId: string): Promise<KnownKey | null> {
    this.trusted.delete(publicId);
    const [key] = await this.db.asSystem(async (sql) => {
      // last_used_at is for people: a write a minute is enough
      await sql.rows(
        `/* touchKey */ UPDATE api_key SET last_used_at = now()
         WHERE public_id = $1 AND revoked_at IS NULL AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
        [publicId],
      );
      return sql.rows<KnownKey>(
        `/* findKey */
         SELECT k.id, k.secret_hash AS "secretHash", k.name, k.scopes, k.expires_at AS "expiresAt",
           (SELECT coalesce(json_agg(json_build_object('id', o.id::text, 'code', o.code) ORDER BY o.code), '[]')
            FROM api_key_owner ko JOIN owner o ON o.id = ko.owner_id WHERE ko.api_key_id = k.id) AS owners
         FROM api_key k
         WHERE k.public_id = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())`,
        [publicId],
      );
    });
    if (!key) return null;
    if (this.trusted.size >= maxTrusted) this.trusted.clear();
    this.trusted.set(publicId, { key, until: Date.now() + trustMs });
    return key;
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
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const notCovered = (code: string) =>
  new Refusal('FORBIDDEN', `this key does not cover an owner ${JSON.stringify(code)}`);
