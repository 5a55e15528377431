import { getNamedType, isLeafType, isNonNullType } from 'graphql';
import type { Selected } from '../compiled/selection.js';
import { leafText } from './leaf-text.js';
import type { Members } from './members.js';

/** Something is selected that is not known in SQL. */
export class NotInSql extends Error {}

/**
 * SQL for a row as the object of an answer, in JSON: with the fields that are selected, in their order, under the names
 * that the query gives them. @throws NotInSql
 */
export const rowText = (fields: readonly Selected[], members: Members, row: string): string =>
  `(SELECT row_to_json("an object") FROM (SELECT ${itemsOf(fields, members, row)}) AS "an object")`;

// A name with a space can be no name of a field, which would win over that of a row.
const inner = '"a row"';

function itemsOf(fields: readonly Selected[], members: Members, row: string): string {
  if (fields.length === 0 || fields.length > mostFields) throw new NotInSql();
  return fields.map((one) => `${valueOf(one, members, row)} AS "${nameOf(one)}"`).join(', ');
}

const mostFields = 500;
const longestName = 63; // PostgreSQL cuts off the rest

function nameOf({ key }: Selected): string {
  if (key.length > longestName) throw new NotInSql();
  return key;
}

function valueOf({ field, parentType, fields, nodes }: Selected, members: Members, row: string): string {
  if (!field) return `'${parentType.name}'::text`;
  const member = nodes[0]!.arguments?.length ? null : members(field.name, row);
  if (!member) throw new NotInSql();
  if ('leaf' in member) {
    const type = getNamedType(field.type);
    const text = isLeafType(type) ? leafText(type, member.leaf, member.form) : null;
    if (text === null || (isNonNullType(field.type) && member.nullable)) throw new NotInSql();
    return text;
  }
  if ('object' in member) return `CASE WHEN ${member.present} THEN ${rowText(fields!, member.object, member.row)} END`;
  const rows = `SELECT ${itemsOf(fields!, 'one' in member ? member.one : member.list, inner)} FROM (${member.select}) AS ${inner}`;
  if ('list' in member) return `(SELECT coalesce(json_agg("an item"), '[]') FROM (${rows}) AS "an item")`;
  // no JSON: where nothing is, the statement fails, and the resolver tells why
  return `coalesce((SELECT row_to_json("an object") FROM (${rows}) AS "an object"), (${row}."id" || ' has none')::json)`;
}
