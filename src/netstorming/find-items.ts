import { isObject } from '../format/json-object.js';
import { identifyByForeignCode } from '../customer/identify-by-foreign-code.js';
import { identifyCustomers, type IdentifiedCustomer } from '../customer/identify-customers.js';
import { isAbsent } from '../format/text.js';
import type { Write } from '../write.js';

/** An item of an enable or disable call: what names it in the answer, and the customer that it means. */
export interface Item {
  key: string;
  found: { id: string } | { problem: string };
}

/**
 * Finds the customers that items mean: `{ code }` or `{ foreign_code }`, exactly one of the two, two statements for any
 * number. A foreign code is the platform's own and not unique: one that several customers' logins have means nobody.
 */
export async function findItems(tx: Write, rows: unknown[], showExcluded: boolean): Promise<Item[]> {
  const read = rows.map(readItem);
  const textsOf = (field: Field) => read.map((item) => (item.field === field && 'text' in item ? item.text : ''));
  const byCode = await identifyCustomers(
    tx,
    tx.ownerId,
    textsOf('code').map((code) => ({ code })),
  );
  const byForeignCode = await identifyByForeignCode(tx, textsOf('foreign_code'));
  return read.map((item, i) => {
    if ('problem' in item) return { key: item.key, found: { problem: item.problem } };
    const { field, text } = item;
    const matches = field === 'code' ? [byCode[i]].filter((match) => match != null) : byForeignCode.get(text);
    return { key: text, found: oneOf(field, matches ?? [], showExcluded) };
  });
}

type Field = 'code' | 'foreign_code';

/** What an item says, or what is wrong with it. */
type ReadItem = { field: Field; text: string } | { field: Field; key: string; problem: string };

function readItem(row: unknown): ReadItem {
  const { code, foreign_code: foreignCode } = isObject(row) ? row : {};
  const field = isAbsent(code) && !isAbsent(foreignCode) ? 'foreign_code' : 'code';
  const given = field === 'code' ? code : foreignCode;
  const key = typeof given === 'string' ? given.trim() : typeof given === 'number' ? String(given) : '';
  const wrong = (problem: string) => ({ field, key, problem }) as const;
  if (!isObject(row)) return wrong('invalid customer');
  if (isAbsent(given)) return wrong('missing code (or foreign_code)');
  if (!isAbsent(code) && !isAbsent(foreignCode)) return wrong('invalid foreign_code (give it or code, not both)');
  return typeof given === 'string' ? { field, text: key } : wrong(`invalid ${field}`);
}

/** The one customer among those that match, as far as the caller may see them (A44). */
function oneOf(field: Field, matches: IdentifiedCustomer[], showExcluded: boolean): Item['found'] {
  const seen = showExcluded ? matches : matches.filter(({ excluded }) => !excluded);
  if (seen.length === 1) return { id: seen[0]!.id };
  if (seen.length > 1) return { problem: `invalid ${field} (several customers have it)` };
  const why = matches.length > 0 ? 'this customer is excluded' : 'no such customer';
  return { problem: `invalid ${field} (${why})` };
}
