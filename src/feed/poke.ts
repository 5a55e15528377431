import type { Database } from '../database/database.js';
import type { Log } from '../log.js';

const pauseMs = 20;

/**
 * Wakes the relays of other processes after commits, where this one has none: at most one notification per 20 ms, in a
 * transaction of its own. (A NOTIFY within the business transactions would make them queue for one global lock.) Lost
 * ones are made up for by polling.
 */
export class Poke {
  private timer: NodeJS.Timeout | null = null;
  private again = false;
  private stopped = false;

  constructor(
    private readonly db: Database,
    private readonly log: Log,
  ) {}

  wake(): void {
    if (this.stopped) return;
    if (this.timer) {
      this.again = true;
      return;
    }
    this.send();
    this.timer = setTimeout(() => {
      this.timer = null;
      if (!this.again) return;
      this.again = false;
      this.wake();
    }, pauseMs);
    this.timer.unref();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private send(): void {
    this.db.dataSource.query(`/* tellOutbox */ SELECT pg_notify('stamdata_outbox', '')`).catch((error: unknown) => {
      this.log('debug', 'the relay could not be woken', { part: 'relay', error });
    });
  }
}
