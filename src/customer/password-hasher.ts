import { availableParallelism } from 'node:os';
import type { Database } from '../database/database.js';
import type { Log } from '../log.js';
import { Loop } from '../loop.js';
import type { Secret } from '../secret.js';
import { hashSealedPassword } from './password.js';

const pollMs = 1_000;
/** Half of the processors: a large batch of logins must not starve the API. */
const atOnce = Math.max(1, Math.floor(availableParallelism() / 2));

interface SealedUser {
  ownerId: string;
  id: string;
  login: string;
  sealed: Buffer;
}

/** Turns sealed passwords into slow hashes and erases the sealed form (A61). Any number of processes may run one. */
export class PasswordHasher {
  private readonly loop: Loop;

  constructor(
    private readonly db: Database,
    private readonly secret: Secret,
    private readonly log: Log,
  ) {
    this.loop = new Loop({
      pauseMs: pollMs,
      run: () => this.hashSome(),
      failed: (error) => log('error', 'passwords cannot be hashed, will try again', { part: 'passwords', error }),
    });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Hashes a few. Gives true when there may be more. */
  hashSome(): Promise<boolean> {
    return this.db.asSystem(async (sql) => {
      const users = await sql.rows<SealedUser>(
        `/* sealedUsers */ SELECT owner_id AS "ownerId", id, login, password_sealed AS sealed FROM customer_user
         WHERE password_sealed IS NOT NULL ORDER BY created_at LIMIT ${atOnce} FOR UPDATE SKIP LOCKED`,
      );
      if (users.length === 0) return false;
      const hashes = await Promise.all(users.map((user) => this.hashOf(user)));
      await sql.rows(
        `/* storeHashes */ UPDATE customer_user u SET password_hash = h.hash, password_sealed = NULL
         FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS h (owner_id, id, hash)
         WHERE u.owner_id = h.owner_id AND u.id = h.id`,
        [users.map((user) => user.ownerId), users.map((user) => user.id), hashes],
      );
      return true;
    });
  }

  /** Null: it was sealed under a secret that is gone, so nobody can ever use it, and it is erased. */
  private hashOf(user: SealedUser): Promise<string | null> {
    return Promise.resolve()
      .then(() => hashSealedPassword(this.secret, user.ownerId, user.login, user.sealed))
      .catch((error: unknown) => {
        this.log('error', 'a sealed password cannot be opened: was STAMDATA_SECRET changed?', {
          ownerId: user.ownerId,
          error,
        });
        return null;
      });
  }
}
