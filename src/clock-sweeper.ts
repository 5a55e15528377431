import type { Log } from './log.js';
import { Loop } from './loop.js';
import { refreshSnapshots } from './snapshot/refresh-snapshots.js';
import { write, type Write, type Writer } from './write.js';

const pollMs = 500;
const batch = 500;

/**
 * Notices that time has passed: a booking began, an owner's day ended. Recomputes the snapshots that are due and writes
 * those that changed as a new version with the reason CLOCK. Any number of processes may run one: each change is
 * written once, by whoever holds the customer's row. After a standstill all that was missed is due and caught up.
 */
export class ClockSweeper {
  private readonly loop: Loop;

  constructor(
    private readonly writer: Writer,
    log: Log,
  ) {
    this.loop = new Loop({
      pauseMs: pollMs,
      run: () => this.sweep(),
      failed: (error) => log('error', 'clock failed, will try again', { part: 'clock', error }),
    });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** One round. Gives true when there is more that is due. */
  async sweep(): Promise<boolean> {
    const due = await this.writer.db.asSystem((sql) =>
      sql.rows<{ ownerId: string; ids: string[] }>(
        `/* dueSnapshots */ SELECT owner_id AS "ownerId", array_agg(customer_id::text) AS ids
         FROM (SELECT owner_id, customer_id FROM customer_snapshot
           WHERE clock_due_at <= coalesce($1::timestamptz, statement_timestamp()) ORDER BY clock_due_at LIMIT ${batch}) AS due
         GROUP BY owner_id`,
        [this.writer.clock.at()],
      ),
    );
    let judged = 0;
    for (const { ownerId, ids } of due)
      judged += await write(this.writer, { ownerId, origin: null }, (tx) => passTime(tx, ids));
    // a batch that others hold in part waits for the next round, instead of asking again and again
    return judged === batch;
  }
}

/** Gives how many of the customers were free to be judged. */
async function passTime(tx: Write, customerIds: string[]): Promise<number> {
  const locked = await tx.rows<{ id: string }>(
    `/* lockDue */ SELECT id FROM customer WHERE owner_id = $1 AND id = ANY ($2::bigint[]) ORDER BY id
     FOR NO KEY UPDATE SKIP LOCKED`,
    [tx.ownerId, customerIds],
  );
  if (locked.length === 0) return 0;
  // A second statement, so that it sees what another process has stored before it let the rows go.
  await refreshSnapshots(
    tx,
    locked.map((row) => row.id),
    'due',
  );
  return locked.length;
}
