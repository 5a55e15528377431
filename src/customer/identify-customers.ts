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
 * Ids, codes (any case) and external pairs by the system's code or number (T9, T10, A41, A43). Nothing is joined with what is
 * wanted: PostgreSQL, which does not know how many that are, compared each of 1,500 with each customer.
 */
export async function identifyCustomers(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  identifiers: readonly CustomerIdentifierInput[],
): Promise<(IdentifiedCustomer | null)[]> {
  const wanted = identifiers.map(namesOf);
  const given = (names: (string | null)[]) => [...new Set(names.filter((name) => name !== null))];
  const rows = await sql.rows<Found>(
    `/* identifyCustomers */
     WITH linked AS MATERIALIZED (
       SELECT r.customer_id, s.code, s.number, r.identifier FROM external_system s
       JOIN external_reference r ON r.owner_id = ${theOwner} AND r.system_id = s.id AND r.identifier = ANY ($5::text[])
       WHERE s.owner_id = ${theOwner} AND (s.code = ANY ($4::text[]) OR s.number = ANY ($4)))
     SELECT c.id, c.excluded, c.code_key AS code, NULL::json AS link FROM customer c
     WHERE c.owner_id = ${theOwner} AND c.id = ANY ($2::bigint[] || ARRAY(SELECT customer_id FROM linked))
     UNION ALL
     SELECT c.id, c.excluded, c.code_key, NULL FROM customer c WHERE c.owner_id = ${theOwner} AND c.code_key = ANY ($3::text[])
     UNION ALL
     SELECT customer_id, NULL, NULL, json_build_object('system', code, 'number', number, 'identifier', identifier) FROM linked`,
    [
      ownerId,
      given(wanted.map(({ id }) => id)),
      given(wanted.map(({ code }) => code)),
      given(wanted.map(({ system }) => system)),
      given(wanted.map(({ external }) => external)),
    ],
  );
  const byId = new Map(rows.filter(({ link }) => !link).map(({ id, excluded }) => [id, { id, excluded }]));
  const byCode = new Map(rows.map(({ code, id }) => [code, id]));
  const byLink = new Map(
    rows.flatMap(({ id, link }) =>
      link ? [link.system, link.number].map((system) => [linkKey(system, link.identifier), id]) : [],
    ),
  );
  return wanted.map(({ id, code, system, external }) => {
    const linked = system === null ? undefined : byLink.get(linkKey(system, external!));
    const found = id ?? (code === null ? linked : byCode.get(code));
    return (found !== undefined && byId.get(found)) || null;
  });
}

/** A customer, or who is linked with what. */
interface Found extends IdentifiedCustomer {
  code: string | null;
  link: { system: string; number: string | null; identifier: string } | null;
}

const linkKey = (system: string | null, identifier: string): string => `${system} ${identifier}`;

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
