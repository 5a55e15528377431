import type { OwnerRef } from '../access/caller.js';
import type { Sql } from '../database/database.js';
import { StartupError } from '../errors.js';

/**
 * The owners with these codes, in upper or lower case, as an operator has typed them.
 * @throws StartupError (wrong usage) with the codes that no owner has
 */
export async function ownersNamed(sql: Sql, codes: string[]): Promise<OwnerRef[]> {
  const owners = await sql.rows<OwnerRef>('/* ownersNamed */ SELECT id, code FROM owner WHERE lower(code) = ANY ($1)', [
    codes.map((code) => code.toLowerCase()),
  ]);
  const known = new Set(owners.map((owner) => owner.code.toLowerCase()));
  const missing = codes.filter((code) => !known.has(code.toLowerCase()));
  if (missing.length > 0) throw new StartupError(`no such owner: ${missing.join(', ')}`, 2);
  return owners;
}
