/**
 * A value as the text that PostgreSQL takes for a parameter of any type: a text, number, boolean, moment, or a list of such. Null
 * for NULL. @throws TypeError for anything else, and for a text that PostgreSQL cannot hold
 */
export function parameterText(value: unknown): string | null {
  if (typeof value === 'string') return storable(value);
  if (value === null || value === undefined) return null;
  return Array.isArray(value) ? `{${value.map(elementOf).join(',')}}` : textOf(value);
}

/** Quoted, so that no text is taken for the word NULL or for two elements. */
const elementOf = (value: unknown): string =>
  value === null ? 'NULL' : `"${textOf(value).replaceAll(/["\\]/g, '\\$&')}"`;

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (!plain.has(typeof value)) throw new TypeError(`no value for a statement: ${typeof value}`);
  return storable(String(value));
}

const plain = new Set(['string', 'number', 'bigint', 'boolean']);

function storable(text: string): string {
  if (text.includes('\0')) throw new TypeError('a text with U+0000, which PostgreSQL cannot hold');
  return text;
}
