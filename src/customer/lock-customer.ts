import { selectList } from '../database/select-list.js';
import { Rejected } from '../errors.js';
import type { Write } from '../write.js';
import type { CustomerIdentifierInput } from './customer-identifier.input.js';
import { Customer } from './customer.entity.js';
import { judgeIdentified, namesOf } from './identify-customers.js';

/**
 * The one customer a write is about, found and locked by one statement: whoever excluded it while we waited for the lock
 * is seen (A44), and so is whoever gave its number to another. Further statements of the write find it as it is here.
 * @throws Rejected NOT_FOUND, or EXCLUDED unless `showExcluded` (scope admin)
 */
export async function lockCustomer(
  tx: Write,
  identifier: CustomerIdentifierInput,
  options: { field: string; showExcluded: boolean },
): Promise<Customer> {
  const { id, code, system, external } = namesOf(identifier);
  const [customer] = await tx.prepared<Customer>(
    `/* lockCustomer */ SELECT ${columns} FROM customer c
     WHERE c.owner_id = $1 AND (c.id = $2::bigint OR c.code_key = $3::text OR c.id = (
       SELECT r.customer_id FROM external_reference r JOIN external_system s ON s.owner_id = $1 AND s.id = r.system_id
       WHERE r.owner_id = $1 AND r.identifier = $5::text AND (s.code = $4::text OR s.number = $4)))
     FOR NO KEY UPDATE OF c`,
    [tx.ownerId, id, code, system, external],
  );
  const wrong = judgeIdentified(customer ?? null, options);
  if (wrong) throw new Rejected([wrong]);
  return customer!;
}

const columns = selectList(Customer, 'c');
