import { jsonMembers, type Member, type Members } from '../graphql/sql-text/members.js';
import { namedTags } from './named-tags.js';

/** What GraphQL shows of a stored snapshot: of rows with a `body`. */
export const snapshotMembers: Members = (field, row) => {
  if (field === 'tags') return { list: tagMembers, select: everyTagOf(`${row}.body`) };
  const value = `${row}.body->'${field}'`;
  return composed.has(field) ? objectOrNull(value) : jsonMembers(field, `${row}.body`);
};

const composed = new Set(['birthDate', 'lastBooking', 'nextBooking']);

const objectOrNull = (value: string): Member => ({
  object: jsonMembers,
  row: value,
  present: `jsonb_typeof(${value}) = 'object'`,
});

/** The tags that are set, completed with the others of the owner (G32): `everyTag` in SQL. */
const everyTagOf = (body: string): string =>
  `SELECT named.id, named.name, (${body}->'tags') ? named.id AS value FROM (${namedTags}) AS named`;

const tagMembers: Members = (field, row) => ({ leaf: `${row}."${field}"`, form: 'column', nullable: false });
