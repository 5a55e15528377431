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
  const visible = showExcluded ? '' : 'AND NOT c.excluded';
  if (id !== null)
    return {
      select: `SELECT c.*, NULL::text AS cursor_key FROM customer c WHERE c.owner_id = $1 AND c.id = $2::bigint ${visible}`,
      parameters: [ownerId, id],
      onePlan: true,
    };
  if (code !== null)
    return {
      select: `SELECT c.*, NULL::text AS cursor_key FROM customer c WHERE c.owner_id = $1 AND c.code_key = $2 ${visible}`,
      parameters: [ownerId, code],
      onePlan: true,
    };
  return {
    select: `SELECT c.*, NULL::text AS cursor_key FROM external_system s
      JOIN external_reference r ON r.owner_id = s.owner_id AND r.system_id = s.id AND r.identifier = $3
      JOIN customer c ON c.owner_id = r.owner_id AND c.id = r.customer_id ${visible}
      WHERE s.owner_id = $1 AND (s.code = $2 OR s.number = $2)`,
    parameters: [ownerId, system, external],
    onePlan: true,
  };
}
