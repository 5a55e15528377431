import { checkSecret } from '../check-secret.js';
import { readConfig } from '../config.js';
import type { Database } from '../database/database.js';
import { cursorKey } from '../feed/cursor-key.js';
import { loadSecret } from '../load-secret.js';
import { countByKey } from '../sealed-column.js';
import { sealedColumns } from '../sealed-columns.js';
import type { Secret } from '../secret.js';
import { complain, say } from '../terminal/say.js';
import { sealAnew } from './seal-anew.js';
import { sealSettingsAnew } from './sealed-settings.js';
import type { SecretDesk } from './secret-commands.js';

/** @throws StartupError when the database has been used with none of the secrets of the environment */
export async function openSecretDesk(db: Database): Promise<SecretDesk> {
  const config = readConfig();
  const secret = loadSecret(config.secret, config.dataDir, config.oldSecrets);
  const used = await checkSecret(db, secret);
  await cursorKey(db, secret, used); // one that is not there yet is derived from the key that the settings are under by now
  return {
    status: () => tellStatus(db, secret, 'before'),
    rotate: async () => {
      let whole = true;
      for (const column of sealedColumns) {
        const { sealed, unopened } = await sealAnew(db, secret, column);
        say(`${column.what}: ${sealed} sealed anew under key ${secret.present.id}`);
        whole &&= unopened === 0;
        if (unopened > 0) complain(`${column.what}: ${unopened} open under none of the secrets and stay as they are`);
      }
      await sealSettingsAnew(db, secret);
      return (await tellStatus(db, secret, 'after')) && whole;
    },
  };
}

/** A line for each key that something is sealed under, and what that means for the older secrets. */
async function tellStatus(db: Database, secret: Secret, rotation: 'before' | 'after'): Promise<boolean> {
  const lines = new Map<string | null, string[]>([[secret.present.id, []]]);
  for (const column of sealedColumns)
    for (const [id, count] of await db.asSystem((sql) => countByKey(sql, column)))
      lines.set(id, [...(lines.get(id) ?? []), `${count} ${column.what}`]);
  const settings = await checkSecret(db, secret);
  lines.set(settings.id, [...(lines.get(settings.id) ?? []), "the hub's settings"]);
  for (const [id, what] of lines) say(`${keyName(secret, id)}: ${what.join(', ') || 'nothing'}`);
  const older = secret.keys.slice(1).map(({ id }) => id);
  const needed = [...lines.keys()].some((id) => (id === null ? rotation === 'before' : older.includes(id)));
  if (needed) say('run "stamdata secret rotate" with this configuration before an older secret is taken out of it');
  else if (older.length > 0) say('nothing needs STAMDATA_OLD_SECRETS any more: take it out of every process');
  return [...lines.keys()].every((id) => id === null || secret.keys.some((key) => key.id === id));
}

function keyName(secret: Secret, id: string | null): string {
  if (id === null) return 'no key named, by an older version';
  if (id === secret.present.id) return `key ${id}, of STAMDATA_SECRET`;
  return secret.keys.some((key) => key.id === id)
    ? `key ${id}, of STAMDATA_OLD_SECRETS`
    : `key ${id}, which is NOT CONFIGURED`;
}
