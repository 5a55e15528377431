import type { Sql } from '../database/database.js';
import { theOwner } from '../database/the-owner.js';
import { Rejected, problem, type Problem } from '../errors.js';
import { caselessKey } from '../format/caseless.js';
import { isId } from '../graphql/ids.js';
import type { CustomerIdentifierInput } from './customer-identifier.input.js';

export interface IdentifiedCustomer {
  id: string;
  excluded: boolean;
}

/**
 * Finds the customers behind identifiers: one statement for any number, answers in their order, null for nobody.
 * Ids, codes (any case) and external pairs by the system's code or number (T9, T10, A41, A43). Behind a pair the customer is
 * looked up by its key: joined, all of the owner's were compared with each link while PostgreSQL had no statistics.
 */
export async function identifyCustomers(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  identifiers: readonly CustomerIdentifierInput[],
): Promise<(IdentifiedCustomer | null)[]> {
  const wanted = identifiers.map(namesOf);
  const rows = await sql.rows<{ ord: number; id: string; excluded: boolean }>(
    `/* identifyCustomers */
     WITH wanted AS (
       SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS w (id, code, system, identifier, ord))
     SELECT ord::int, c.id, c.excluded FROM wanted JOIN customer c ON c.owner_id = ${theOwner} AND c.id = wanted.id
     UNION ALL
     SELECT ord::int, c.id, c.excluded FROM wanted JOIN customer c ON c.owner_id = ${theOwner} AND c.code_key = wanted.code
     UNION ALL
     SELECT ord::int, c.id, c.excluded FROM wanted
     JOIN external_system s ON s.owner_id = ${theOwner} AND (s.code = wanted.system OR s.number = wanted.system)
     JOIN external_reference r ON r.owner_id = ${theOwner} AND r.system_id = s.id AND r.identifier = wanted.identifier
     CROSS JOIN LATERAL (
       SELECT id, excluded FROM customer WHERE owner_id = ${theOwner} AND id = r.customer_id LIMIT 1) c`,
    [
      ownerId,
      wanted.map(({ id }) => id),
      wanted.map(({ code }) => code),
      wanted.map(({ system }) => system),
      wanted.map(({ external }) => external),
    ],
  );
  const found = new Map(rows.map((row) => [row.ord, { id: row.id, excluded: row.excluded }]));
  return identifiers.map((_, i) => found.get(i + 1) ?? null);
}

/** What an identifier is compared by; null for the ways in which it names nobody. */
export const namesOf = ({ id, code, external }: CustomerIdentifierInput) => ({
  id: id !== undefined && isId(id) ? id : null,
  code: code !== undefined ? caselessKey(storable(code)) : null,
  system: external ? storable(external.system).toUpperCase() : null,
  external: external ? storable(external.identifier) : null,
});

/**
 * The one customer a call is about; `lockCustomer` for writes. @throws Rejected NOT_FOUND, or EXCLUDED unless `showExcluded` (scope admin)
 */
export async function identifyCustomer(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  identifier: CustomerIdentifierInput,
  options: { field: string; showExcluded: boolean },
): Promise<string> {
  const [found] = await identifyCustomers(sql, ownerId, [identifier]);
  const wrong = judgeIdentified(found ?? null, options);
  if (wrong) throw new Rejected([wrong]);
  return found!.id;
}

/** What is wrong with the customer a write is about; null when nothing is. */
export function judgeIdentified(
  found: IdentifiedCustomer | null,
  options: { field: string; showExcluded: boolean },
): Problem | null {
  const { field } = options;
  if (!found) return problem('NOT_FOUND', field, `invalid ${field} (no such customer)`);
  if (found.excluded && !options.showExcluded)
    return problem('EXCLUDED', field, `invalid ${field} (this customer is excluded)`);
  return null;
}

/** A text that PostgreSQL can not hold names nobody. */
const storable = (text: string): string => (text.includes('\0') ? '' : text.trim());
