import type { Sql } from '../database/database.js';
import type { Edge } from '../database/edge.js';
import { datesOf, selectList } from '../database/select-list.js';
import { Rejected, problem } from '../errors.js';
import { codePointCount, isCleanText } from '../format/text.js';
import { entityMembers, jsonMembers, type Members } from '../graphql/sql-text/members.js';
import type { Write } from '../write.js';
import { ExternalReference } from './external-reference.entity.js';
import type { ShownExternalReference } from './external-reference.type.js';
import { ExternalSystem } from './external-system.entity.js';

/** The eight that every owner has from the start, with their numbers on the wire (T5, A41). */
export const knownSystems = [
  { number: '1', code: 'MAESTRO', name: 'Maestro' },
  { number: '2', code: 'POSTI', name: 'Posti' },
  { number: '3', code: 'MATKAHUOLTO', name: 'Matkahuolto' },
  { number: '4', code: 'CHECKOUT_FINLAND', name: 'Checkout Finland' },
  { number: '5', code: 'MYCASHFLOW', name: 'MyCashFlow' },
  { number: '6', code: 'WOOCOMMERCE', name: 'WooCommerce' },
  { number: '7', code: 'GENERIC_WEBSTORE', name: 'Generic webstore' },
  { number: '22', code: 'GENERIC_RESERVATION_SYSTEM', name: 'Generic reservation system' },
] as const;

const systemColumns = selectList(ExternalSystem, 's');

export const findExternalSystems = (sql: Pick<Sql, 'rows'>, ownerId: string): Promise<ExternalSystem[]> =>
  sql.rows<ExternalSystem>(
    `/* findExternalSystems */ SELECT ${systemColumns} FROM external_system s WHERE s.owner_id = $1 ORDER BY s.id`,
    [ownerId],
  );

/** Adds a system of the owner's own. @throws Rejected REQUIRED, INVALID, TAKEN */
export async function createExternalSystem(
  tx: Write,
  input: { code: string; name: string; number?: string | null },
): Promise<ExternalSystem> {
  const code = input.code.trim().toUpperCase();
  const name = input.name.trim();
  const number = input.number?.trim() || null;
  const problems = [
    ...(/^[A-Z][A-Z0-9_]{0,63}$/.test(code)
      ? []
      : [problem('INVALID', 'code', 'invalid code (a letter, then letters, digits or _; at most 64)')]),
    ...(name && codePointCount(name) <= 100 && isCleanText(name)
      ? []
      : [problem('INVALID', 'name', 'invalid name (1 to 100 characters)')]),
    ...(number === null || /^\d{1,9}$/.test(number)
      ? []
      : [problem('INVALID', 'number', 'invalid number (1 to 9 digits)')]),
  ];
  if (problems.length > 0) throw new Rejected(problems);
  const [system] = await tx.rows<ExternalSystem>(
    `/* createExternalSystem */ INSERT INTO external_system AS s (owner_id, code, number, name) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING ${systemColumns}`,
    [tx.ownerId, code, number, name],
  );
  if (!system) throw new Rejected([problem('TAKEN', 'code', 'invalid code or number (already exists)')]);
  tx.subject = { kind: 'EXTERNAL_SYSTEM', id: system.id };
  return system;
}

const referenceColumns = selectList(ExternalReference, 'r');

const referenceMembers: Members = (field, row) =>
  field === 'system'
    ? { object: jsonMembers, row: `${row}."system"`, present: 'TRUE' }
    : entityMembers(ExternalReference)(field, row);

/** The links of customers, each with its system. */
export const externalReferenceEdge: Edge<ShownExternalReference> = {
  sql: (customers) => `SELECT ${referenceColumns},
      json_build_object('ownerId', s.owner_id::text, 'id', s.id::text, 'code', s.code, 'number', s.number, 'name', s.name) AS system
    FROM external_reference r JOIN external_system s ON s.owner_id = r.owner_id AND s.id = r.system_id
    WHERE r.owner_id = $1 AND r.customer_id ${customers} ORDER BY r.system_id`,
  parent: 'customerId',
  dates: datesOf(ExternalReference),
  members: referenceMembers,
};

export const externalReferencesOf = (
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  customerIds: readonly string[],
): Promise<ShownExternalReference[]> =>
  sql.rows<ShownExternalReference>(`/* externalReferencesOf */ ${externalReferenceEdge.sql('= ANY ($2::bigint[])')}`, [
    ownerId,
    customerIds,
  ]);
