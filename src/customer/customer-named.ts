import { namesOf } from './identify-customers.js';
import type { CustomerIdentifierInput } from './customer-identifier.input.js';
import type { FoundCustomers } from './find-customers.js';

/** The customer behind an identifier, if there is one and it may be seen (T9, T10, A41, A43, A44). */
export function customerNamed(
  ownerId: string,
  identifier: CustomerIdentifierInput,
  showExcluded: boolean,
): FoundCustomers {
  const { id, code, system, external } = namesOf(identifier);
  const selects = showExcluded ? all : visible;
  if (id !== null) return { select: selects.id, parameters: [ownerId, id], onePlan: true };
  if (code !== null) return { select: selects.code, parameters: [ownerId, code], onePlan: true };
  return { select: selects.external, parameters: [ownerId, system, external], onePlan: true };
}

/** Made once: a look-up's statement is known by its text. */
const selectsWhere = (condition: string) => ({
  id: `SELECT c.*, NULL::text AS cursor_key FROM customer c WHERE c.owner_id = $1 AND c.id = $2::bigint ${condition}`,
  code: `SELECT c.*, NULL::text AS cursor_key FROM customer c WHERE c.owner_id = $1 AND c.code_key = $2 ${condition}`,
  external: `SELECT c.*, NULL::text AS cursor_key FROM external_system s
      JOIN external_reference r ON r.owner_id = s.owner_id AND r.system_id = s.id AND r.identifier = $3
      JOIN customer c ON c.owner_id = r.owner_id AND c.id = r.customer_id ${condition}
      WHERE s.owner_id = $1 AND (s.code = $2 OR s.number = $2)`,
});

const all = selectsWhere('');
const visible = selectsWhere('AND NOT c.excluded');
