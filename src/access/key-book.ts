import { timingSafeEqual } from 'node:crypto';
import type { Database, Sql } from '../database/database.js';
import type { OwnerRef } from './caller.js';
import { hashKeySecret, parseKeyText, publicIdIn } from './key-text.js';
import type { RefusedReason } from './refused-calls.js';
import type { Scope } from './scope.js';

/** How long a key that was found stays trusted without asking the database: revocation takes effect within this. */
const trustMs = 2_000;
const maxTrusted = 10_000;

export interface KnownKey {
  id: string;
  name: string;
  scopes: ReadonlySet<Scope>;
  owners: OwnerRef[];
  expiresAt: Date | null;
}

interface Trusted {
  key: KnownKey;
  until: number;
  /** SHA-256 of the text that was found to be right: for one that comes again nothing else is worked out. */
  proven: Buffer;
}

/** The api keys, as one process knows them: remembers live ones for two seconds. */
export class KeyBook {
  private readonly trusted = new Map<string, Trusted>();

  constructor(private readonly db: Database) {}

  /**
   * The live key with this text, whose SHA-256 is `digest`, or why there is none. Whatever a well-formed text is refused for costs the same: one
   * look-up and the same comparisons. So the time tells nobody whether a key exists, is revoked, or is in use right now.
   */
  async find(text: string, digest: Buffer): Promise<KnownKey | RefusedReason> {
    const known = this.trusted.get(publicIdIn(text));
    const isProven = timingSafeEqual(known?.proven ?? nobodysHash, digest);
    if (known && isProven && known.until > Date.now() && isLive(known.key)) return known.key;
    const parsed = parseKeyText(text);
    if (!parsed) return 'malformed';
    const { publicId, secret } = parsed;
    const found = await this.db.asSystem((sql) => lookUp(sql, publicId, hashKeySecret(secret)));
    if (typeof found === 'string') {
      if (found !== 'wrong_secret') this.trusted.delete(publicId); // a guess takes nobody's trust away
      return found;
    }
    if (this.trusted.size >= maxTrusted) this.trusted.clear();
    this.trusted.set(publicId, { key: found, until: Date.now() + trustMs, proven: digest });
    return found;
  }

  /** Forgets a key at once on this process; others follow within two seconds. */
  forget(keyId: string): void {
    for (const [publicId, entry] of this.trusted) if (entry.key.id === keyId) this.trusted.delete(publicId);
  }
}

const isLive = ({ expiresAt }: KnownKey): boolean => !expiresAt || expiresAt.getTime() > Date.now();

type StoredKey = Omit<KnownKey, 'scopes'> & {
  secretHash: Buffer;
  scopes: Scope[];
  revoked: boolean;
  expired: boolean;
  unmarked: boolean;
};

async function lookUp(sql: Sql, publicId: string, hash: Buffer): Promise<KnownKey | RefusedReason> {
  const [stored] = await sql.rows<StoredKey>(
    `/* findKey */
     SELECT k.id, k.secret_hash AS "secretHash", k.name, k.scopes, k.expires_at AS "expiresAt",
       k.revoked_at IS NOT NULL AS revoked, coalesce(k.expires_at <= now(), false) AS expired,
       coalesce(k.last_used_at < now() - interval '1 minute', true) AS unmarked,
       (SELECT coalesce(json_agg(json_build_object('id', o.id::text, 'code', o.code) ORDER BY o.code), '[]')
        FROM api_key_owner ko JOIN owner o ON o.id = ko.owner_id WHERE ko.api_key_id = k.id) AS owners
     FROM api_key k WHERE k.public_id = $1`,
    [publicId],
  );
  const isRight = timingSafeEqual(stored?.secretHash ?? nobodysHash, hash);
  if (!stored) return 'unknown';
  const { id, name, owners, expiresAt, revoked, expired, unmarked } = stored;
  if (!isRight) return 'wrong_secret';
  if (revoked) return 'revoked';
  if (expired) return 'expired';
  if (unmarked) await markUsed(sql, id);
  return { id, name, scopes: new Set(stored.scopes), owners, expiresAt };
}

const nobodysHash = Buffer.alloc(32);

/** `last_used_at` is for people: a write a minute is enough. */
const markUsed = (sql: Sql, id: string): Promise<unknown> =>
  sql.rows(
    `/* markKeyUsed */ UPDATE api_key SET last_used_at = now()
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
    [id],
  );
