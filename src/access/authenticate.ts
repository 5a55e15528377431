import { hash, timingSafeEqual } from 'node:crypto';
import type { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { coveredOwner, type Caller, type OwnerRef } from './caller.js';
import { hashKeySecret, parseKeyText, publicIdIn } from './key-text.js';
import { scopes, type Scope } from './scope.js';

/** How long a key that was found stays trusted without asking the database: revocation takes effect within this. */
const trustMs = 2_000;
const maxTrusted = 10_000;

interface StoredKey {
  id: string;
  secretHash: Buffer;
  name: string;
  scopes: Scope[];
  owners: OwnerRef[];
  expiresAt: Date | null;
}

interface KnownKey extends Omit<StoredKey, 'scopes'> {
  scopes: ReadonlySet<Scope>;
}

interface Trusted {
  key: KnownKey;
  until: number;
  /** Of the text with which its secret was proven; null: not yet. */
  proven: Buffer | null;
}

/** Tells who holds a key. One per process; remembers live keys for two seconds. */
export class Authenticator {
  private readonly trusted = new Map<string, Trusted>();

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
    const given = digest(token);
    if (this.adminDigest && timingSafeEqual(given, this.adminDigest)) return this.operator(ownerCode);
    const key = this.proven(token, given) ?? (await this.prove(token, given));
    if (!key) throw new Refusal('UNAUTHENTICATED', 'this key is unknown, revoked or expired');
    const { id: keyId, name, scopes, owners } = key;
    if (ownerCode === undefined)
      return { keyId, name, scopes, owners, picked: owners.length === 1 ? owners[0]! : null };
    const picked = coveredOwner(owners, ownerCode);
    if (!picked) throw notCovered(ownerCode);
    return { keyId, name, scopes, owners, picked };
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

  private async operator(ownerCode: string | undefined): Promise<Caller> {
    const caller: Caller = { keyId: null, name: 'operator', scopes: new Set(scopes), owners: 'every', picked: null };
    if (ownerCode === undefined) return { ...caller, picked: await this.onlyOwner() };
    return { ...caller, picked: await this.ownerOf(caller, ownerCode) };
  }

  /** A key that came before with the same text; null: it is to be looked at. */
  private proven(token: string, given: Buffer): KnownKey | null {
    const entry = this.trusted.get(publicIdIn(token));
    if (!entry?.proven || entry.until <= Date.now() || !timingSafeEqual(entry.proven, given)) return null;
    return isOver(entry.key) ? null : entry.key;
  }

  private async prove(token: string, given: Buffer): Promise<KnownKey | null> {
    const parsed = parseKeyText(token);
    if (!parsed) return null;
    const known = this.trusted.get(parsed.publicId);
    const entry = known && known.until > Date.now() ? known : await this.load(parsed.publicId);
    if (!entry || !timingSafeEqual(entry.key.secretHash, hashKeySecret(parsed.secret))) return null;
    entry.proven = given;
    return isOver(entry.key) ? null : entry.key;
  }

  private async load(publicId: string): Promise<Trusted | null> {
    this.trusted.delete(publicId);
    const [stored] = await this.db.asSystem(async (sql) => {
      // last_used_at is for people: a write a minute is enough
      await sql.rows(
        `/* touchKey */ UPDATE api_key SET last_used_at = now()
         WHERE public_id = $1 AND revoked_at IS NULL AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
        [publicId],
      );
      return sql.rows<StoredKey>(
        `/* findKey */
         SELECT k.id, k.secret_hash AS "secretHash", k.name, k.scopes, k.expires_at AS "expiresAt",
           (SELECT coalesce(json_agg(json_build_object('id', o.id::text, 'code', o.code) ORDER BY o.code), '[]')
            FROM api_key_owner ko JOIN owner o ON o.id = ko.owner_id WHERE ko.api_key_id = k.id) AS owners
         FROM api_key k
         WHERE k.public_id = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())`,
        [publicId],
      );
    });
    if (!stored) return null;
    const key = { ...stored, scopes: new Set(stored.scopes) };
    const entry: Trusted = { key, until: Date.now() + trustMs, proven: null };
    if (this.trusted.size >= maxTrusted) this.trusted.clear();
    this.trusted.set(publicId, entry);
    return entry;
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

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

const isOver = ({ expiresAt }: KnownKey): boolean => expiresAt !== null && expiresAt.getTime() <= Date.now();

const notCovered = (code: string) =>
  new Refusal('FORBIDDEN', `this key does not cover an owner ${JSON.stringify(code)}`);
