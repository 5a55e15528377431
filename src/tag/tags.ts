import { selectList } from '../database/select-list.js';
import type { Sql } from '../database/database.js';
import { Rejected, problem } from '../errors.js';
import { EventReason } from '../event-reason.js';
import { caselessKey } from '../format/caseless.js';
import { isCleanText } from '../format/text.js';
import type { Write } from '../write.js';
import { Tag } from './tag.entity.js';

const columns = selectList(Tag, 't');

/** Every tag of the owner, in the order in which they were made: the order of the snapshot's list (G32). */
export const findTags = (sql: Pick<Sql, 'rows'>, ownerId: string): Promise<Tag[]> =>
  sql.rows<Tag>(`/* findTags */ SELECT ${columns} FROM tag t WHERE t.owner_id = $1 ORDER BY t.id`, [ownerId]);

/** Those of the owner's tags that have these ids. */
export const tagsById = (sql: Pick<Sql, 'rows'>, ownerId: string, ids: readonly string[]): Promise<Tag[]> =>
  sql.rows<Tag>(`/* tagsById */ SELECT ${columns} FROM tag t WHERE t.owner_id = $1 AND t.id = ANY ($2::bigint[])`, [
    ownerId,
    ids,
  ]);

/** Makes a tag. It is no event: no customer carries it yet. @throws Rejected REQUIRED, TOO_LONG, TAKEN */
export async function createTag(tx: Write, name: string): Promise<Tag> {
  const checked = checkTagName(name);
  const [tag] = await tx.rows<Tag>(
    `/* createTag */ INSERT INTO tag AS t (owner_id, name, name_key) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
     RETURNING ${columns}`,
    [tx.ownerId, checked, caselessKey(checked)],
  );
  if (!tag) throw new Rejected([problem('TAKEN', 'name', 'invalid name (already exists)')]);
  tx.subject = { kind: 'TAG', id: tag.id };
  return tag;
}

/** Renames a tag; an event for the customers that carry it. @throws Rejected NOT_FOUND, REQUIRED, TOO_LONG, TAKEN */
export async function renameTag(tx: Write, id: string, name: string): Promise<Tag> {
  const checked = checkTagName(name);
  const [tag] = await lockTag(tx, id);
  if (!tag) throw unknownTag('id');
  if (tag.name === checked) return tag;
  const [taken] = await tx.rows(
    '/* tagNameTaken */ SELECT FROM tag WHERE owner_id = $1 AND name_key = $2 AND id <> $3',
    [tx.ownerId, caselessKey(checked), id],
  );
  if (taken) throw new Rejected([problem('TAKEN', 'name', 'invalid name (already exists)')]);
  await tx.rows('/* renameTag */ UPDATE tag SET name = $3, name_key = $4 WHERE owner_id = $1 AND id = $2', [
    tx.ownerId,
    id,
    checked,
    caselessKey(checked),
  ]);
  tx.subject = { kind: 'TAG', id };
  tx.touch(await holdersOf(tx, id), EventReason.TAG);
  return { ...tag, name: checked };
}

/** Deletes a tag; an event for the customers that carried it. @throws Rejected NOT_FOUND */
export async function deleteTag(tx: Write, id: string): Promise<void> {
  const [tag] = await lockTag(tx, id);
  if (!tag) throw unknownTag('id');
  const holders = await tx.rows<{ id: string }>(
    '/* untagEverybody */ DELETE FROM customer_tag WHERE owner_id = $1 AND tag_id = $2 RETURNING customer_id AS id',
    [tx.ownerId, id],
  );
  await tx.rows('/* deleteTag */ DELETE FROM tag WHERE owner_id = $1 AND id = $2', [tx.ownerId, id]);
  tx.subject = { kind: 'TAG', id };
  tx.touch(
    holders.map((holder) => holder.id),
    EventReason.TAG,
  );
}

/** Sets a tag on customers, or takes it off. Gives the ids of those that changed. */
export async function changeTagOf(
  tx: Write,
  tagId: string,
  customerIds: string[],
  change: 'set' | 'unset',
): Promise<string[]> {
  const [tag] = await tx.rows('/* shareTag */ SELECT FROM tag WHERE owner_id = $1 AND id = $2 FOR KEY SHARE', [
    tx.ownerId,
    tagId,
  ]);
  if (!tag) throw unknownTag('tagId');
  const changed = await tx.rows<{ id: string }>(change === 'set' ? setTag : unsetTag, [tx.ownerId, tagId, customerIds]);
  const ids = changed.map((row) => row.id);
  if (ids.length > 0) tx.subject = { kind: 'TAG', id: tagId };
  tx.touch(ids, EventReason.TAG);
  return ids;
}

const setTag = `/* setTag */
  INSERT INTO customer_tag (owner_id, customer_id, tag_id)
  SELECT $1, id, $2 FROM customer WHERE owner_id = $1 AND id = ANY ($3::bigint[]) ORDER BY id
  ON CONFLICT DO NOTHING RETURNING customer_id AS id`;
const unsetTag = `/* unsetTag */
  DELETE FROM customer_tag WHERE owner_id = $1 AND tag_id = $2 AND customer_id = ANY ($3::bigint[])
  RETURNING customer_id AS id`;

const lockTag = (tx: Write, id: string): Promise<Tag[]> =>
  tx.rows<Tag>(`/* lockTag */ SELECT ${columns} FROM tag t WHERE t.owner_id = $1 AND t.id = $2 FOR UPDATE`, [
    tx.ownerId,
    id,
  ]);

async function holdersOf(tx: Write, tagId: string): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    '/* tagHolders */ SELECT customer_id AS id FROM customer_tag WHERE owner_id = $1 AND tag_id = $2',
    [tx.ownerId, tagId],
  );
  return rows.map((row) => row.id);
}

function checkTagName(given: string): string {
  const name = given.trim();
  if (name === '') throw new Rejected([problem('REQUIRED', 'name', 'missing name')]);
  if ([...name].length > 50) throw new Rejected([problem('TOO_LONG', 'name', 'invalid name (at most 50 characters)')]);
  if (!isCleanText(name)) throw new Rejected([problem('INVALID', 'name', 'invalid name (control characters)')]);
  return name;
}

const unknownTag = (field: string) => new Rejected([problem('NOT_FOUND', field, `invalid ${field} (no such tag)`)]);
