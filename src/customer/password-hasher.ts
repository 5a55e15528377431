import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Database } from '../database/database.js';
import type { Log } from '../log.js';
import { Loop } from '../loop.js';
import { keyIdSql } from '../sealing-key.js';
import type { Secret } from '../secret.js';
import { hashSealedPassword } from './password.js';

const pollMs = 1_000;
/** In one transaction: commits are rare next to the hashes, and a stop does not wait long for it. */
const batch = 16;
/** Hashes run on libuv's four threads; one stays free for looking up the names of webhook targets. */
const mostAtOnce = 3;

interface SealedUser {
  ownerId: string;
  id: string;
  login: string;
  sealed: Buffer;
}

/** Turns sealed passwords into slow hashes and erases the sealed form (A61). Any number of processes may run one. */
export class PasswordHasher {
  private readonly loop: Loop;
  private load = performance.eventLoopUtilization();

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

  /** Hashes a few, of those whose secret this process has. Gives true when there may be more. */
  hashSome(): Promise<boolean> {
    const since = this.load;
    this.load = performance.eventLoopUtilization();
    const atOnce = hashesAtOnce(performance.eventLoopUtilization(this.load, since).utilization);
    return this.db.asSystem(async (sql) => {
      const users = await sql.rows<SealedUser>(
        `/* sealedUsers */ SELECT owner_id AS "ownerId", id, login, password_sealed AS sealed FROM customer_user
         WHERE password_sealed IS NOT NULL AND coalesce(${keyIdSql('password_sealed')} = ANY ($2), true)
         ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
        [batch, this.secret.keys.map(({ id }) => id)],
      );
      if (users.length === 0) return false;
      const hashes = await inTurns(users, atOnce, (user) => this.hashOf(user));
      await sql.rows(
        `/* storeHashes */ UPDATE customer_user u SET password_hash = h.hash, password_sealed = NULL
         FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS h (owner_id, id, hash)
         WHERE u.owner_id = h.owner_id AND u.id = h.id`,
        [users.map((user) => user.ownerId), users.map((user) => user.id), hashes],
      );
      return true;
    });
  }

  /** Null: it opens under no secret, so nobody can ever use it, and it is erased. One that names a key waits for that. */
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

/**
 * How many hashes run at a time (A61): on every processor while the API has little to do, on half of them otherwise, so
 * that a large batch of logins never starves it. A hash costs 10 to 14 ms of a core: 1,000 passwords took 20 s on two
 * cores that other work had a load of 8 on; left to themselves, two cores need about a minute for 10,000.
 *
 * @param utilization the share of the time that the event loop was busy since it was last asked, 0 to 1.
 */
export function hashesAtOnce(utilization: number, processors = availableParallelism()): number {
  const share = utilization < idleBelow ? processors : Math.floor(processors / 2);
  return Math.max(1, Math.min(mostAtOnce, share));
}

const idleBelow = 0.25;

/** Does the work for every item, `atOnce` at a time. Answers in their order. */
async function inTurns<Item, Result>(
  items: Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const rest = items.entries();
  const turn = async () => {
    for (const [i, item] of rest) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, turn));
  return results;
}
