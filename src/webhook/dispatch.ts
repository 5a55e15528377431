import type { Database } from '../database/database.js';
import type { Cursors } from '../feed/cursor.js';
import type { Log } from '../log.js';
import type { Secret } from '../secret.js';
import type { AddressGuard } from './address-guard.js';
import type { DatabaseTime } from './database-time.js';
import type { DeliveryCounts } from './delivery-counts.js';
import type { Timing } from './timing.js';

/** What all runs of a process share. */
export interface Dispatch {
  db: Database;
  secret: Secret;
  cursors: Cursors;
  guard: AddressGuard;
  log: Log;
  time: DatabaseTime;
  timing: Timing;
  random: () => number;
  version: string;
  /** Requests that the process may still start. */
  slots: { free: number };
  counts: DeliveryCounts;
}
