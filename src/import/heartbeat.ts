import type { Database } from '../database/database.js';
import { leaseSeconds, PlaceLost, type HeldOperation } from './operation-place.js';

const beatMs = 1_000;

/** Says every second that somebody is at the operation, until it is stopped. `lost` is told once when it is not ours any more. */
export class Heartbeat {
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly db: Database,
    private readonly operation: HeldOperation,
    private readonly lost: (reason: PlaceLost) => void,
  ) {}

  start(): void {
    if (!this.stopped) this.timer ??= setTimeout(() => void this.beat(), beatMs);
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private async beat(): Promise<void> {
    const held = await isHeld(this.db, this.operation).catch(() => true); // the next chunk will tell
    this.timer = null;
    if (this.stopped) return;
    if (held) return this.start();
    this.stop();
    this.lost(new PlaceLost());
  }
}

/** A row that is locked needs no beat: its chunk is being written, and moves the lease itself. */
const isHeld = (db: Database, { ownerId, id, lease }: HeldOperation): Promise<boolean> =>
  db.asOwner(ownerId, async (sql) => {
    const [row] = await sql.rows<{ held: boolean }>(
      `/* keepLease */
       WITH free AS (SELECT id FROM bulk_operation
           WHERE owner_id = $1 AND id = $2 AND state = 'RUNNING' AND lease_owner = $3 FOR UPDATE SKIP LOCKED),
         kept AS (UPDATE bulk_operation b SET lease_until = clock_timestamp() + interval '${leaseSeconds} seconds'
           FROM free WHERE b.owner_id = $1 AND b.id = free.id)
       SELECT state = 'RUNNING' AND lease_owner = $3 AS held FROM bulk_operation WHERE owner_id = $1 AND id = $2`,
      [ownerId, id, lease],
    );
    return row?.held === true;
  });
