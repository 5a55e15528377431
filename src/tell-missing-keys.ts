import type { Database } from './database/database.js';
import type { Log } from './log.js';
import { countByKey } from './sealed-column.js';
import { sealedColumns } from './sealed-columns.js';
import type { Secret } from './secret.js';

/**
 * Logs at the start which values were sealed under a secret that this process does not have: another process still used it
 * after `stamdata secret rotate`, or it was taken out of STAMDATA_OLD_SECRETS too early. All else works.
 */
export async function tellMissingKeys(db: Database, secret: Secret, log: Log): Promise<void> {
  const known = new Set<string | null>([null, ...secret.keys.map(({ id }) => id)]);
  for (const column of sealedColumns) {
    const counted = await db.asSystem((sql) => countByKey(sql, column));
    for (const [id, count] of counted)
      if (!known.has(id))
        log('error', 'secret.key.missing: list the secret of this key in STAMDATA_OLD_SECRETS', {
          ...{ part: column.what, code: id!, count },
        });
  }
}
