import type { Database } from '../../database/database.js';
import { Rejected, problem } from '../../errors.js';
import { findReplay } from './find-replays.js';

/** Ends a replay early: within a second nothing more of it is started. @throws Rejected NOT_FOUND, or INVALID when it has ended */
export async function cancelReplay(db: Database, ownerId: string, id: string): Promise<void> {
  await db.asOwner(ownerId, async (sql) => {
    const cancelled = await sql.rows(
      `/* cancelReplay */ UPDATE webhook_replay SET state = 'CANCELLED', finished_at = now()
       WHERE owner_id = $1 AND id = $2 AND state = 'RUNNING' RETURNING 1`,
      [ownerId, id],
    );
    if (cancelled.length > 0) return;
    const replay = await findReplay(sql, ownerId, id);
    if (!replay) throw new Rejected([problem('NOT_FOUND', 'id', 'invalid id (no such replay)')]);
    throw new Rejected([problem('INVALID', 'id', `invalid id (this replay is ${replay.state} already)`)]);
  });
}
