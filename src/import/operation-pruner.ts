import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Log } from '../log.js';
import { Loop } from '../loop.js';
import { pruneOperations } from './find-operations.js';

const hourMs = 3_600_000;

/** Forgets bulk operations and their result files 7 days after their end, once an hour. Any number of processes may run one. */
export class OperationPruner {
  private readonly loop: Loop;

  constructor({ db, clock, log }: { db: Database; clock: Clock; log: Log }) {
    this.loop = new Loop({
      pauseMs: hourMs,
      run: () => pruneOperations(db, clock.at()).then(() => false),
      failed: (error) => log('error', 'old imports cannot be forgotten, will try again', { part: 'import', error }),
    });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }
}
