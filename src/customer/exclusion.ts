import { EventReason } from '../event-reason.js';
import type { Write } from '../write.js';
import type { Customer } from './customer.entity.js';

/** Hides a locked customer from every channel, or lifts that (T3, A44). The moment itself is an event; repeating it is not. */
export async function setCustomerExcluded(tx: Write, customer: Customer, excluded: boolean): Promise<void> {
  if (customer.excluded === excluded) return;
  await tx.rows(
    `/* setCustomerExcluded */ UPDATE customer SET excluded = $3, version = version + 1,
       updated_at = coalesce($4::timestamptz, statement_timestamp()) WHERE owner_id = $1 AND id = $2`,
    [tx.ownerId, customer.id, excluded, tx.at],
  );
  tx.touchRaised([customer.id], excluded ? EventReason.EXCLUDED : EventReason.INCLUDED);
}
