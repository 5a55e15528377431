import { createApiKey, findApiKeys, revokeApiKey } from '../access/api-keys.js';
import { rotateApiKey } from '../access/rotate-api-key.js';
import type { Database } from '../database/database.js';
import { ownersNamed } from '../owner/owners-named.js';
import type { KeyDesk } from './key-desk.js';

/** The keys of all owners, for whoever can reach the database. Running hubs know of a change within two seconds. */
export const ownKeys = (db: Database): KeyDesk => ({
  create: ({ owners, ...input }) =>
    db.asSystem(async (sql) => (await createApiKey(sql, { ...input, owners: await ownersNamed(sql, owners) })).key),
  list: () => db.asSystem((sql) => findApiKeys(sql, 'every')),
  revoke: (id) => db.asSystem((sql) => revokeApiKey(sql, id, 'every')),
  rotate: async (id, graceHours) => (await db.asSystem((sql) => rotateApiKey(sql, id, graceHours, 'every'))).key,
});
