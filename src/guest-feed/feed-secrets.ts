import type { Sql } from '../database/database.js';
import type { SealedColumn } from '../sealed-column.js';
import type { Secret } from '../secret.js';
import type { GivenSecrets, SecretName } from './feed-settings.js';

const purpose = 'guest feed credential';

interface Place {
  ownerId: string;
  feedId: string;
}

/** Stores the credentials that were given, sealed for their place: they open nowhere else. Null leaves one as it is. */
export async function storeSecrets(sql: Sql, secret: Secret, place: Place, given: GivenSecrets): Promise<void> {
  const names = (Object.keys(given) as SecretName[]).filter((name) => given[name] !== null);
  if (names.length === 0) return;
  await sql.rows(
    `/* storeFeedSecrets */
     INSERT INTO guest_feed_secret (owner_id, feed_id, name, sealed)
     SELECT $1, $2, * FROM unnest($3::text[], $4::bytea[])
     ON CONFLICT (owner_id, feed_id, name) DO UPDATE SET sealed = excluded.sealed`,
    [
      ...[place.ownerId, place.feedId, names],
      names.map((name) => secret.seal(purpose, placeText(place, name), given[name]!)),
    ],
  );
}

/** A credential in the clear. @throws when it was sealed under another hub's secret, or altered */
export const openSecret = (secret: Secret, place: Place, name: SecretName, sealed: Buffer): string =>
  secret.open(purpose, placeText(place, name), sealed).toString('utf8');

export const sealedFeedSecrets: SealedColumn = {
  ...{ what: 'guest feed credentials', purpose, table: 'guest_feed_secret', column: 'sealed' },
  key: { owner_id: 'bigint', feed_id: 'bigint', name: 'text' },
  placeOf: (row) => placeText({ ownerId: row.owner_id!, feedId: row.feed_id! }, row.name as SecretName),
};

const placeText = ({ ownerId, feedId }: Place, name: SecretName): string => `${ownerId}|${feedId}|${name}`;
