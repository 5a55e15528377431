import { isCleanText } from '../format/text.js';
import type { Write } from '../write.js';
import type { IdentifiedCustomer } from './identify-customers.js';

/**
 * The customers whose logins have a foreign code (N20), by that code exactly as it is: one statement for any number. A
 * code may be of several customers; texts that nobody can have are left out.
 */
export async function identifyByForeignCode(
  tx: Write,
  foreignCodes: readonly string[],
): Promise<Map<string, IdentifiedCustomer[]>> {
  const wanted = [...new Set(foreignCodes)].filter((code) => code !== '' && isCleanText(code));
  const found = new Map<string, IdentifiedCustomer[]>();
  if (wanted.length === 0) return found;
  const rows = await tx.rows<IdentifiedCustomer & { foreignCode: string }>(
    `/* identifyByForeignCode */
     SELECT DISTINCT u.foreign_code AS "foreignCode", c.id, c.excluded FROM customer_user u
     JOIN customer c ON c.owner_id = $1 AND c.id = u.customer_id
     WHERE u.owner_id = $1 AND u.foreign_code = ANY ($2::text[])`,
    [tx.ownerId, wanted],
  );
  for (const { foreignCode, ...customer } of rows) {
    const others = found.get(foreignCode);
    if (others) others.push(customer);
    else found.set(foreignCode, [customer]);
  }
  return found;
}
