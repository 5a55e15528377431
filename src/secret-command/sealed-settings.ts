import { secretCheck } from '../check-secret.js';
import type { Database } from '../database/database.js';
import { cursorKeySetting } from '../feed/cursor-key.js';
import type { Secret } from '../secret.js';

/**
 * Seals the settings of the hub under the present secret: from then on the database is used with that one, and a process that
 * does not have it does not start.
 */
export async function sealSettingsAnew(db: Database, secret: Secret): Promise<void> {
  await db.asSystem(async (sql) => {
    const settings = await sql.rows<{ name: string; value: Buffer }>(
      '/* lockSealedSettings */ SELECT name, value FROM hub_setting WHERE name = ANY ($1) ORDER BY name FOR UPDATE',
      [[secretCheck, cursorKeySetting]],
    );
    for (const { name, value } of settings)
      await sql.rows('/* storeSealedSetting */ UPDATE hub_setting SET value = $2 WHERE name = $1', [
        name,
        secret.seal(name, '', secret.open(name, '', value)),
      ]);
  });
}
