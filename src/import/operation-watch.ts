import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import type { BulkOperation } from './bulk-operation.entity.js';
import { findOperation } from './find-operations.js';

const lookMs = 300;

/** An operation as a subscriber is given it. `cursor` names its content: those who hold the same operation share the answer. */
export type WatchedOperation = BulkOperation & { cursor: string };

/**
 * The operation as it is now, then each time it has changed, and for the last time when it has ended. Read from the
 * database, so it is the same from every process; of a long stop only the last state is told.
 */
export async function* watchOperation(
  db: Database,
  ownerId: string,
  id: string,
): AsyncGenerator<WatchedOperation, void> {
  for (let told = ''; ; await sleep(lookMs)) {
    const operation = await db.asOwner(ownerId, (sql) => findOperation(sql, ownerId, id));
    if (!operation) return; // forgotten meanwhile
    const cursor = `operation ${id} ${operation.state} ${operation.rows} ${operation.startedAt.toISOString()}`;
    if (cursor !== told) yield { ...operation, cursor };
    told = cursor;
    if (operation.state !== 'RUNNING') return;
  }
}
