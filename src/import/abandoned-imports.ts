import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Log } from '../log.js';
import { Loop } from '../loop.js';
import { summarise } from './summarise.js';

const pauseMs = 15_000;
/** Whoever sends the file again by then goes on with it, and its receivers are told once. */
const patienceSeconds = 30;

/**
 * Ends imports whose process was killed and that nobody went on with, so that what they wrote is told (delivery SUMMARY).
 * Any number of processes may run one.
 */
export class AbandonedImports {
  private readonly loop: Loop;

  constructor({ db, clock, log }: { db: Database; clock: Clock; log: Log }) {
    this.loop = new Loop({
      pauseMs,
      run: () => endAbandoned(db, clock.at(), patienceSeconds).then(() => false),
      failed: (error) => log('error', 'abandoned imports cannot be ended, will try again', { part: 'import', error }),
    });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }
}

/** Ends those whose lease ran out so many seconds ago, with their summary in the same transaction. */
export async function endAbandoned(db: Database, at: Date | null, afterSeconds: number): Promise<void> {
  await db.asSystem(async (sql) => {
    const ended = await sql.rows<{ ownerId: string; id: string }>(
      `/* endAbandoned */ WITH abandoned AS (
         SELECT owner_id, id FROM bulk_operation
         WHERE state = 'RUNNING' AND lease_until <= clock_timestamp() - make_interval(secs => $1) FOR UPDATE SKIP LOCKED)
       UPDATE bulk_operation b SET state = 'INTERRUPTED', ended_at = b.lease_until, note = '${processGone}'
       FROM abandoned a WHERE b.owner_id = a.owner_id AND b.id = a.id RETURNING b.owner_id AS "ownerId", b.id`,
      [afterSeconds],
    );
    for (const operation of ended) await summarise(sql, operation, at);
  });
}

/** Of an operation that ended so, before and after somebody wrote it down. */
export const processGone = 'the process that was at it has ended';
