import { selectList } from '../database/select-list.js';
import type { Sql } from '../database/database.js';
import { Rejected, problem, type Problem } from '../errors.js';
import { isCleanText } from '../format/text.js';
import { ApiKey } from './api-key.entity.js';
import type { OwnerRef } from './caller.js';
import { hashKeySecret, newKeyText } from './key-text.js';
import { isScope, scopes, type Scope } from './scope.js';

const columns = selectList(ApiKey, 'k');

export interface NewKey {
  name: string;
  owners: OwnerRef[];
  scopes: string[];
  /** Null: never. */
  expiresAt: Date | null;
}

/** Makes a key and gives its text, this once. `sql` is the system's. @throws Rejected */
export async function createApiKey(
  sql: Sql,
  input: NewKey,
  now = new Date(),
): Promise<{ apiKey: ApiKey; key: string }> {
  const name = input.name.trim();
  const problems = [...checkName(name), ...checkScopes(input.scopes), ...checkExpiry(input.expiresAt, now)];
  if (input.owners.length === 0) problems.push(problem('REQUIRED', 'owners', 'missing owners (name at least one)'));
  if (problems.length > 0) throw new Rejected(problems);
  const { publicId, secret, text } = newKeyText();
  const [apiKey] = await sql.rows<ApiKey>(
    `/* createApiKey */ INSERT INTO api_key AS k (public_id, secret_hash, name, scopes, expires_at) VALUES ($1, $2, $3, $4, $5)
     RETURNING ${columns}`,
    [publicId, hashKeySecret(secret), name, [...new Set(input.scopes)], input.expiresAt],
  );
  await sql.rows(
    '/* createApiKeyOwners */ INSERT INTO api_key_owner (owner_id, api_key_id) SELECT DISTINCT unnest($1::bigint[]), $2::bigint',
    [input.owners.map((owner) => owner.id), apiKey!.id],
  );
  return { apiKey: apiKey!, key: text };
}

export type ListedKey = ApiKey & { owners: string[] };

/** Keys that cover any of the owners ('every': all keys), with the codes of those among them that each covers: of no others. */
export const findApiKeys = (sql: Sql, owners: readonly OwnerRef[] | 'every'): Promise<ListedKey[]> =>
  sql.rows<ListedKey>(
    `/* findApiKeys */ SELECT ${columns},
       ARRAY(SELECT o.code FROM api_key_owner ko JOIN owner o ON o.id = ko.owner_id
         WHERE ko.api_key_id = k.id AND ($1::bigint[] IS NULL OR o.id = ANY ($1)) ORDER BY o.code) AS owners
     FROM api_key k
     WHERE $1::bigint[] IS NULL OR EXISTS (SELECT FROM api_key_owner ko WHERE ko.api_key_id = k.id AND ko.owner_id = ANY ($1))
     ORDER BY k.id`,
    [owners === 'every' ? null : owners.map((owner) => owner.id)],
  );

/** Ends a key for good. Only one whose owners are all among `owners`. @throws Rejected NOT_FOUND */
export async function revokeApiKey(sql: Sql, id: string, owners: readonly OwnerRef[] | 'every'): Promise<void> {
  const revoked = await sql.rows(
    `/* revokeApiKey */ UPDATE api_key k SET revoked_at = coalesce(revoked_at, now())
     WHERE k.id = $1 AND ($2::bigint[] IS NULL OR NOT EXISTS (
       SELECT FROM api_key_owner ko WHERE ko.api_key_id = k.id AND ko.owner_id <> ALL ($2)))
     RETURNING 1`,
    [id, owners === 'every' ? null : owners.map((owner) => owner.id)],
  );
  if (revoked.length === 0) throw new Rejected([problem('NOT_FOUND', 'id', 'invalid id (no such key)')]);
}

function checkName(name: string): Problem[] {
  if (name === '') return [problem('REQUIRED', 'name', 'missing name')];
  const good = [...name].length <= 100 && isCleanText(name);
  return good ? [] : [problem('INVALID', 'name', 'invalid name (1 to 100 characters)')];
}

function checkScopes(given: string[]): Problem[] {
  if (given.length === 0) return [problem('REQUIRED', 'scopes', `missing scopes (valid values: ${scopes.join(', ')})`)];
  const wrong = given.filter((scope): scope is Exclude<string, Scope> => !isScope(scope));
  return wrong.length > 0 ? [problem('INVALID', 'scopes', `invalid scopes (valid values: ${scopes.join(', ')})`)] : [];
}

function checkExpiry(expiresAt: Date | null, now: Date): Problem[] {
  if (expiresAt === null || expiresAt > now) return [];
  return [problem('OUT_OF_RANGE', 'expiresAt', 'invalid expiresAt (in the past)')];
}
