import { createApiKey, findApiKeys, revokeApiKey } from '../access/api-keys.js';
import { auditKey } from '../access/audit-key.js';
import { rotateApiKey } from '../access/rotate-api-key.js';
import { commandLine } from '../audit/actor.js';
import type { Database, Sql } from '../database/database.js';
import { ownersNamed } from '../owner/owners-named.js';
import type { KeyDesk } from './key-desk.js';

/** The keys of all owners, for whoever can reach the database. Running hubs know of a change within two seconds. */
export function ownKeys(db: Database): KeyDesk {
  const changing = <T>(action: string, work: (sql: Sql) => Promise<{ id: string; done: T }>): Promise<T> =>
    db.asSystem(async (sql) => {
      const { id, done } = await work(sql);
      await auditKey(sql, { by: commandLine, action }, id);
      return done;
    });
  return {
    create: ({ owners, ...input }) =>
      changing('createApiKey', async (sql) => {
        const { apiKey, key } = await createApiKey(sql, { ...input, owners: await ownersNamed(sql, owners) });
        return { id: apiKey.id, done: key };
      }),
    list: () => db.asSystem((sql) => findApiKeys(sql, 'every')),
    revoke: (id) => changing('revokeApiKey', async (sql) => ({ id, done: await revokeApiKey(sql, id, 'every') })),
    rotate: (id, graceHours) =>
      changing('rotateApiKey', async (sql) => ({ id, done: (await rotateApiKey(sql, id, graceHours, 'every')).key })),
  };
}
