import type { Database, Sql } from '../database/database.js';
import type { Claim } from './claim.js';
import type { DatabaseTime } from './database-time.js';

/** Somebody else holds the shard by now, or its endpoint was deleted: nothing may be written for it any more. */
export class LeaseLost extends Error {
  constructor() {
    super('the lease of the shard is held by somebody else');
  }
}

/** What a worker writes to the cursor's row. */
export interface CursorState {
  ackedPos: bigint;
  breaker: 'CLOSED' | 'OPEN';
  failSince: Date | null;
  fails: number;
  probeAt: Date | null;
}

/**
 * The right to serve one shard. Every write goes through the cursor's row and names worker and epoch, so a worker that
 * was paused past its lease changes nothing (delivery-design B.6, fencing). Time left is measured by the monotonic
 * clock from before the statement was sent: rather too short than too long.
 */
export class Lease {
  private endsAt: number;

  constructor(
    readonly claim: Claim,
    private readonly worker: string,
    private readonly leaseMs: number,
    claimedAt: number,
  ) {
    this.endsAt = claimedAt + leaseMs;
  }

  remainingMs(): number {
    return this.endsAt - performance.now();
  }

  /** True when a third of the lease is over. */
  isRenewalDue(): boolean {
    return this.remainingMs() < (this.leaseMs * 2) / 3;
  }

  /** @throws LeaseLost */
  async renew(db: Database, time: DatabaseTime): Promise<void> {
    const sentAt = performance.now();
    const [renewed] = await db.asSystem((sql) =>
      sql.rows<{ now: Date }>(
        `/* renewLease */
         UPDATE webhook_cursor SET lease_until = clock_timestamp() + $6 * interval '1 ms'
         WHERE ${fence} RETURNING clock_timestamp() AS now`,
        [...this.identity(), this.leaseMs],
      ),
    );
    if (!renewed) throw new LeaseLost();
    this.endsAt = sentAt + this.leaseMs;
    time.read(renewed.now, sentAt);
  }

  /**
   * Writes the cursor's state; to be the first statement of its transaction, since it takes the row lock under which the
   * others are fenced too. `release` gives the shard back; `lease_until` then tells when it was served last.
   * @throws LeaseLost
   */
  async write(sql: Sql, state: CursorState, release: boolean): Promise<void> {
    const written = await sql.rows(
      `/* writeCursor */
       UPDATE webhook_cursor SET acked_pos = $6, breaker = $7, fail_since = $8, fails = $9, probe_at = $10,
         lease_owner = CASE WHEN $11 THEN NULL ELSE lease_owner END,
         lease_until = CASE WHEN $11 THEN clock_timestamp() ELSE lease_until END
       WHERE ${fence} RETURNING 1`,
      [
        ...this.identity(),
        ...[state.ackedPos.toString(), state.breaker, state.failSince, state.fails, state.probeAt, release],
      ],
    );
    if (written.length === 0) throw new LeaseLost();
  }

  private identity(): unknown[] {
    const { ownerId, endpointId, shard, leaseEpoch } = this.claim;
    return [ownerId, endpointId, shard, this.worker, leaseEpoch];
  }
}

const fence = 'owner_id = $1 AND endpoint_id = $2 AND shard = $3 AND lease_owner = $4 AND lease_epoch = $5';
