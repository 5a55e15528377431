import { escapeLiteral } from 'pg';

/**
 * A value as a literal in SQL, which takes the type that its place asks for: a text, number, boolean, moment, or a list of
 * such. @throws TypeError for anything else, and for a text that PostgreSQL cannot hold
 */
export function sqlLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return escapeLiteral(Array.isArray(value) ? `{${value.map(elementOf).join(',')}}` : textOf(value));
}

/** Quoted, so that no text is taken for the word NULL or for two elements. */
const elementOf = (value: unknown): string =>
  value === null ? 'NULL' : `"${textOf(value).replaceAll(/["\\]/g, '\\$&')}"`;

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (!plain.has(typeof value)) throw new TypeError(`no value for a statement: ${typeof value}`);
  const text = String(value);
  if (text.includes('\0')) throw new TypeError('a text with U+0000, which PostgreSQL cannot hold');
  return text;
}

const plain = new Set(['string', 'number', 'bigint', 'boolean']);
