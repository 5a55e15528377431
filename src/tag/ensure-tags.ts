import { theOwner } from '../database/the-owner.js';
import { caselessKey } from '../format/caseless.js';
import { Raced, type Write } from '../write.js';

/**
 * Tags by name, made where they are missing; of spellings that differ only in case the first one stays. Gives their ids
 * by `caselessKey` of the name.
 */
export async function ensureTags(tx: Write, names: string[]): Promise<Map<string, string>> {
  const wanted = new Map(names.toReversed().map((name) => [caselessKey(name), name]));
  const keys = [...wanted.keys()].sort(); // in one order everywhere, so that two writes cannot wait for each other
  await tx.rows(
    `/* ensureTags */ INSERT INTO tag (owner_id, name, name_key)
     SELECT $1, given.name, given.key FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS given (key, name, ord)
     WHERE NOT EXISTS (SELECT FROM tag WHERE owner_id = ${theOwner} AND name_key = given.key)
     ORDER BY given.ord ON CONFLICT DO NOTHING`,
    [tx.ownerId, keys, keys.map((key) => wanted.get(key)!)],
  );
  const tags = await tx.rows<{ id: string; key: string }>(
    `/* tagsByName */ SELECT id, name_key AS key FROM tag WHERE owner_id = ${theOwner} AND name_key = ANY ($2)
     ORDER BY id FOR KEY SHARE`,
    [tx.ownerId, keys],
  );
  if (tags.length < keys.length) throw new Raced(); // one was deleted in between
  return new Map(tags.map((tag) => [tag.key, tag.id]));
}
