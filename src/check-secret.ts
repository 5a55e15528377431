import type { Database } from './database/database.js';
import { StartupError } from './errors.js';
import type { Secret } from './secret.js';

const purpose = 'secret check';

/**
 * Every process over a database must have the same secret: with another one it could not read webhook secrets and would
 * take its own cursors for forged ones. The first start leaves a sealed text behind, later ones must be able to open it.
 * @throws StartupError (exit code 2)
 */
export async function checkSecret(db: Database, secret: Secret): Promise<void> {
  const [stored] = await db.asSystem(async (sql) => {
    await sql.rows(
      '/* leaveSecretCheck */ INSERT INTO hub_setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [purpose, secret.seal(purpose, '', 'the same secret')],
    );
    return sql.rows<{ value: Buffer }>('/* readSecretCheck */ SELECT value FROM hub_setting WHERE name = $1', [
      purpose,
    ]);
  });
  try {
    secret.open(purpose, '', stored!.value);
  } catch {
    throw new StartupError(
      'STAMDATA_SECRET is not the one this database has been used with: give every process the same, or restore the file "secret" of the data directory',
      2,
    );
  }
}
