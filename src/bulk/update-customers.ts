import { recordAssignments, recordColumns } from '../customer/customer-columns.js';
import { rederiveContactInfos } from '../customer/rederive-contact-infos.js';
import { theOwner } from '../database/the-owner.js';
import { EventReason } from '../event-reason.js';
import { caselessKey } from '../format/caseless.js';
import type { Write } from '../write.js';
import type { BatchCustomer } from './batch-customer.js';

/**
 * Stores the changed fields of a batch's customers, whose rows are locked, and raises their versions, in one statement.
 *
 * @param options.reusesCodes one takes the code that another gives away: then all of them give theirs away first, for a
 *   unique index looks at each row as it comes.
 */
export async function updateCustomers(
  tx: Write,
  customers: BatchCustomer[],
  options: { reusesCodes: boolean },
): Promise<void> {
  const changed = customers.filter((customer) => customer.isFieldChanged);
  if (changed.length === 0) return;
  const ids = changed.map(({ id }) => id!);
  if (options.reusesCodes)
    await tx.rows(
      `/* giveCodesAway */ UPDATE customer SET code_key = E'\\x01' || id WHERE owner_id = ${theOwner} AND id = ANY ($2::bigint[])`,
      [tx.ownerId, ids],
    );
  const records = changed.map(({ id, fields }) => ({ ...fields, id, codeKey: caselessKey(fields.code!) }));
  await tx.rows(
    `/* updateCustomers */
     UPDATE customer c SET ${recordAssignments}, code_key = r."codeKey", version = version + 1,
       updated_at = coalesce($3::timestamptz, statement_timestamp())
     FROM json_to_recordset($2::json) AS r (id bigint, "codeKey" text, ${recordColumns})
     WHERE c.owner_id = ${theOwner} AND c.id = r.id`,
    [tx.ownerId, JSON.stringify(records), tx.at],
  );
  tx.touchRaised(ids, EventReason.UPDATED);
  const moved = changed.filter(({ fields, stored }) => fields.country !== stored!.customer.country);
  await rederiveContactInfos(tx, new Map(moved.map(({ id, fields }) => [id!, fields.country ?? null])));
}
