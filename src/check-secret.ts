import type { Database } from './database/database.js';
import { StartupError } from './errors.js';
import type { SealingKey } from './sealing-key.js';
import { MissingKey, type Secret } from './secret.js';

/** The name of the sealed text among the settings of the hub, and the purpose it is sealed for. */
export const secretCheck = 'secret check';

/**
 * Every process over a database must be able to open what the others seal. The first start leaves a sealed text behind, later ones
 * must be able to open it; `stamdata secret rotate` seals it anew when nothing needs the older secrets any more. Gives the
 * key that it is sealed under. @throws StartupError (exit code 2)
 */
export async function checkSecret(db: Database, secret: Secret): Promise<SealingKey> {
  const [stored] = await db.asSystem(async (sql) => {
    await sql.rows(
      '/* leaveSecretCheck */ INSERT INTO hub_setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [secretCheck, secret.seal(secretCheck, '', 'the same secret')],
    );
    return sql.rows<{ value: Buffer }>('/* readSecretCheck */ SELECT value FROM hub_setting WHERE name = $1', [
      secretCheck,
    ]);
  });
  try {
    return secret.opened(secretCheck, '', stored!.value).key;
  } catch (error) {
    throw new StartupError(`STAMDATA_SECRET is not the one this database has been used with${why(error)}`, 2);
  }
}

function why(error: unknown): string {
  const remedy =
    'give every process the same, or restore the file "secret" of the data directory; after a change list the one before in STAMDATA_OLD_SECRETS until "stamdata secret rotate" is done';
  return error instanceof MissingKey
    ? `: its values are sealed under key ${error.keyId}. Please ${remedy}`
    : `: ${remedy}`;
}
