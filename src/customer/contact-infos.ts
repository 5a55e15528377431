import { snake } from '../database/snake-case.js';
import { selectList } from '../database/select-list.js';
import { Rejected, problem } from '../errors.js';
import { EventReason } from '../event-reason.js';
import type { Write } from '../write.js';
import { checkContactInfo, type ContactInfoFields } from './check-contact-info.js';
import { ContactInfo } from './contact-info.entity.js';
import type { ContactInfoInput } from './contact-info.input.js';
import type { Customer } from './customer.entity.js';

const columns = selectList(ContactInfo, 'i');
const mostPerCustomer = 100;

type LockedContactInfo = ContactInfo & Pick<Customer, 'excluded' | 'country'>;

/** Adds a contact info to a locked customer (T7). @throws Rejected for bad fields, LIMIT_EXCEEDED beyond 100 of one customer */
export async function createContactInfo(tx: Write, customer: Customer, input: ContactInfoInput): Promise<ContactInfo> {
  const fields = Object.entries(checkContactInfo(input, customer.country));
  const [{ count }] = (await tx.rows<{ count: number }>(
    '/* countContactInfos */ SELECT count(*)::int AS count FROM contact_info WHERE owner_id = $1 AND customer_id = $2',
    [tx.ownerId, customer.id],
  )) as [{ count: number }];
  if (count >= mostPerCustomer)
    throw new Rejected([problem('LIMIT_EXCEEDED', null, `a customer has at most ${mostPerCustomer} contact infos`)]);
  const [info] = await tx.rows<ContactInfo>(
    `/* createContactInfo */ INSERT INTO contact_info AS i (owner_id, customer_id, ${fields.map(([f]) => snake(f)).join(', ')})
     VALUES ($1, $2, ${fields.map((_, i) => `$${i + 3}`).join(', ')}) RETURNING ${columns}`,
    [tx.ownerId, customer.id, ...fields.map(([, value]) => value as unknown)],
  );
  tx.touch([customer.id], EventReason.UPDATED);
  return info!;
}

/** Replaces all fields of a contact info; the same ones again are no change. @throws Rejected NOT_FOUND, EXCLUDED … */
export async function updateContactInfo(
  tx: Write,
  id: string,
  input: ContactInfoInput,
  showExcluded: boolean,
): Promise<ContactInfo> {
  const info = await lockContactInfo(tx, id, showExcluded);
  const fields = checkContactInfo(input, info.country);
  const changes = (Object.entries(fields) as [keyof ContactInfoFields, string | null][]).filter(
    ([field, value]) => info[field] !== value,
  );
  if (changes.length === 0) return info;
  const [updated] = await tx.rows<ContactInfo>(
    `/* updateContactInfo */ UPDATE contact_info AS i SET ${changes.map(([f], n) => `${snake(f)} = $${n + 3}`).join(', ')},
       updated_at = now() WHERE i.owner_id = $1 AND i.id = $2 RETURNING ${columns}`,
    [tx.ownerId, id, ...changes.map(([, value]) => value)],
  );
  tx.touch([info.customerId], EventReason.UPDATED);
  return updated!;
}

/** @throws Rejected NOT_FOUND, EXCLUDED */
export async function deleteContactInfo(tx: Write, id: string, showExcluded: boolean): Promise<void> {
  const info = await lockContactInfo(tx, id, showExcluded);
  await tx.rows('/* deleteContactInfo */ DELETE FROM contact_info WHERE owner_id = $1 AND id = $2', [tx.ownerId, id]);
  tx.touch([info.customerId], EventReason.UPDATED);
}

/** A contact info and what must be known of its customer, both locked. */
async function lockContactInfo(tx: Write, id: string, showExcluded: boolean): Promise<LockedContactInfo> {
  const [row] = await tx.rows<LockedContactInfo>(
    `/* lockContactInfo */ SELECT ${columns}, c.excluded, c.country FROM contact_info i
     JOIN customer c ON c.owner_id = i.owner_id AND c.id = i.customer_id
     WHERE i.owner_id = $1 AND i.id = $2 FOR NO KEY UPDATE OF c, i`,
    [tx.ownerId, id],
  );
  if (!row) throw new Rejected([problem('NOT_FOUND', 'id', 'invalid id (no such contact info)')]);
  if (row.excluded && !showExcluded)
    throw new Rejected([problem('EXCLUDED', 'id', 'invalid id (this customer is excluded)')]);
  return row;
}
