import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Log } from '../log.js';
import { Loop } from '../loop.js';
import { pruneEntries } from './find-entries.js';

const hourMs = 3_600_000;

/** Forgets entries of the audit log that are older than STAMDATA_AUDIT_DAYS, once an hour. Any number of processes may run one. */
export class AuditPruner {
  private readonly loop: Loop;

  constructor({ db, clock, log, config }: { db: Database; clock: Clock; log: Log; config: { auditDays: number } }) {
    this.loop = new Loop({
      pauseMs: hourMs,
      run: () => pruneEntries(db, config.auditDays, clock.at()),
      failed: (error) => log('error', 'the audit log cannot be pruned, will try again', { part: 'audit', error }),
    });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }
}
