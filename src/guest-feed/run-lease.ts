import type { Database } from '../database/database.js';
import type { RunClaim } from './run-claim.js';

/**
 * How long a run is still this process' own, by the monotonic clock from before the statement was sent: rather too short
 * than too long. Every statement of the run names the lease, so whoever was paused past it begins nothing more.
 */
export class RunLease {
  private endsAt: number;
  private lost = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly db: Database,
    private readonly claim: RunClaim,
    private readonly leaseMs: number,
    claimedAt: number,
  ) {
    this.endsAt = claimedAt + leaseMs;
  }

  /** Renews it at every tenth of its length. A renewal that fails is tried again at the next tick. */
  start(): void {
    this.timer = setInterval(() => void this.renew().catch(() => undefined), this.leaseMs / 10);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  get isLost(): boolean {
    return this.lost || performance.now() >= this.endsAt;
  }

  /** Whether a request of this length ends before anybody else may take the run over. */
  isLongEnoughFor(requestMs: number): boolean {
    return !this.lost && this.endsAt - performance.now() > requestMs;
  }

  /** @throws when the database is not there */
  async renew(): Promise<void> {
    const sentAt = performance.now();
    const renewed = await this.db.asOwner(this.claim.ownerId, (sql) =>
      sql.rows(
        `/* renewRun */ UPDATE guest_feed_run SET lease_until = clock_timestamp() + $4 * interval '1 ms'
         WHERE owner_id = $1 AND id = $2 AND lease_owner = $3 AND finished_at IS NULL RETURNING 1`,
        [this.claim.ownerId, this.claim.runId, this.claim.lease, this.leaseMs],
      ),
    );
    if (renewed.length > 0) this.endsAt = sentAt + this.leaseMs;
    else this.lost = true;
  }
}
