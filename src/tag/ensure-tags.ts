import type { Write } from '../write.js';

/** Tags by name, made where they are missing. Gives their ids by lower-case name. */
export async function ensureTags(tx: Write, names: string[]): Promise<Map<string, string>> {
  const byKey = new Map(names.map((name) => [name.toLowerCase(), name]));
  const keys = [...byKey.keys()].sort(); // in one order everywhere, so that two writes cannot wait for each other
  await tx.rows(
    `/* ensureTags */ INSERT INTO tag (owner_id, name)
     SELECT $1, wanted.name FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS wanted (key, name, ord)
     WHERE NOT EXISTS (SELECT FROM tag WHERE owner_id = $1 AND lower(name) = wanted.key)
     ORDER BY wanted.ord ON CONFLICT DO NOTHING`,
    [tx.ownerId, keys, keys.map((key) => byKey.get(key)!)],
  );
  const tags = await tx.rows<{ id: string; key: string }>(
    `/* tagsByName */ SELECT id, lower(name) AS key FROM tag WHERE owner_id = $1 AND lower(name) = ANY ($2)
     ORDER BY id FOR KEY SHARE`,
    [tx.ownerId, keys],
  );
  return new Map(tags.map((tag) => [tag.key, tag.id]));
}
