import { selectList } from '../database/select-list.js';
import type { Sql } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import { ApiKey } from './api-key.entity.js';
import type { OwnerRef } from './caller.js';
import { hashKeySecret, newKeyText } from './key-text.js';

const columns = selectList(ApiKey, 'k');

/** For how long a key that was rotated may go on beside the new one: the default, and the longest. */
export const usualGraceHours = 24;
export const maxGraceHours = 720;

export interface Rotated {
  apiKey: ApiKey;
  /** The text of the new key, this once. */
  key: string;
  /** Keys that are not what they were, for `Authenticator.forget`. */
  changed: string[];
}

/**
 * Makes a key in the place of another one: the same name, scopes, owners and length of life. The old one ends after
 * `graceHours`, or when it would have ended anyway. Of a key and those before it two are live at most: one that was still in
 * its own grace ends now. Only a key whose owners are all among `owners`; `sql` is the system's.
 * @throws Rejected NOT_FOUND, INVALID for a key that is not live or was rotated already, OUT_OF_RANGE
 */
export async function rotateApiKey(
  sql: Sql,
  id: string,
  graceHours: number,
  owners: readonly OwnerRef[] | 'every',
): Promise<Rotated> {
  if (!Number.isInteger(graceHours) || graceHours < 0 || graceHours > maxGraceHours)
    throw new Rejected([problem('OUT_OF_RANGE', 'graceHours', `invalid graceHours (0 to ${maxGraceHours})`)]);
  await lockLive(sql, id, owners);
  const { apiKey, key } = await insertSuccessor(sql, id);
  const before = await sql.rows<{ id: string }>(
    `/* endPredecessors */ UPDATE api_key SET revoked_at = now()
     WHERE replaced_by = $1 AND revoked_at IS NULL AND expires_at > now() RETURNING id`,
    [id],
  );
  await sql.rows(
    `/* replaceKey */ UPDATE api_key SET replaced_by = $2, expires_at = least(expires_at, now() + $3 * interval '1 hour')
     WHERE id = $1`,
    [id, apiKey.id, graceHours],
  );
  return { apiKey, key, changed: [id, ...before.map((row) => row.id)] };
}

/** Locked, so that of two rotations at once one sees that the other was faster. */
async function lockLive(sql: Sql, id: string, owners: readonly OwnerRef[] | 'every'): Promise<void> {
  const [found] = await sql.rows<{ revoked: boolean; expired: boolean; replacedBy: string | null }>(
    `/* lockKey */ SELECT revoked_at IS NOT NULL AS revoked, coalesce(expires_at <= now(), false) AS expired,
       replaced_by AS "replacedBy"
     FROM api_key k WHERE k.id = $1 AND ($2::bigint[] IS NULL OR NOT EXISTS (
       SELECT FROM api_key_owner ko WHERE ko.api_key_id = k.id AND ko.owner_id <> ALL ($2)))
     FOR UPDATE`,
    [id, owners === 'every' ? null : owners.map((owner) => owner.id)],
  );
  if (!found) throw new Rejected([problem('NOT_FOUND', 'id', 'invalid id (no such key)')]);
  const { revoked, expired, replacedBy } = found;
  const fault = revoked
    ? 'this key is revoked'
    : replacedBy !== null
      ? `this key was rotated already: rotate ${replacedBy}, which replaced it`
      : expired
        ? 'this key has expired'
        : null;
  if (fault) throw new Rejected([problem('INVALID', 'id', `invalid id (${fault})`)]);
}

async function insertSuccessor(sql: Sql, id: string): Promise<{ apiKey: ApiKey; key: string }> {
  const { publicId, secret, text } = newKeyText();
  const [apiKey] = await sql.rows<ApiKey>(
    `/* insertSuccessor */ INSERT INTO api_key AS k (public_id, secret_hash, name, scopes, expires_at)
     SELECT $2, $3, name, scopes, now() + (expires_at - created_at) FROM api_key WHERE id = $1
     RETURNING ${columns}`,
    [id, publicId, hashKeySecret(secret)],
  );
  await sql.rows(
    `/* insertSuccessorOwners */ INSERT INTO api_key_owner (owner_id, api_key_id)
     SELECT owner_id, $2 FROM api_key_owner WHERE api_key_id = $1`,
    [id, apiKey!.id],
  );
  return { apiKey: apiKey!, key: text };
}
