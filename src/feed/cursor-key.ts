import type { Database } from '../database/database.js';
import type { SealingKey } from '../sealing-key.js';
import type { Secret } from '../secret.js';

/** The name under which the sealed key stands among the settings of the hub, and the purpose it is sealed for. */
export const cursorKeySetting = 'feed cursor';

/**
 * The key of the feed's cursors, 16 bytes. It outlives a change of the secret, sealed under the present one: a subscriber goes
 * on behind the cursor that it kept, and the `webhook-id` of an event stays what it was at its first attempt (D3, D4).
 *
 * @param used the key that the database has been used with: a cursor key that is not there yet is derived from it
 */
export async function cursorKey(db: Database, secret: Secret, used: SealingKey): Promise<Buffer> {
  const fresh = used.seal(cursorKeySetting, '', used.derive(cursorKeySetting, 16));
  const [stored] = await db.asSystem(async (sql) => {
    await sql.rows(
      '/* leaveCursorKey */ INSERT INTO hub_setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [cursorKeySetting, fresh],
    );
    return sql.rows<{ value: Buffer }>('/* readCursorKey */ SELECT value FROM hub_setting WHERE name = $1', [
      cursorKeySetting,
    ]);
  });
  return secret.open(cursorKeySetting, '', stored!.value);
}
