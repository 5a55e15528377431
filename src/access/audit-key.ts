import { setting, storeEntry, type Deed } from '../audit/store-entry.js';
import type { Sql } from '../database/database.js';

/** Leaves an entry about a key in the audit log of each owner that it covers. `sql` is the system's, of the change itself. */
export async function auditKey(sql: Sql, deed: Deed, keyId: string): Promise<void> {
  const owners = await sql.rows<{ id: string }>(
    '/* ownersOfKey */ SELECT owner_id AS id FROM api_key_owner WHERE api_key_id = $1',
    [keyId],
  );
  const ids = owners.map(({ id }) => id);
  await storeEntry(sql, ids, deed, setting('API_KEY', keyId));
}
