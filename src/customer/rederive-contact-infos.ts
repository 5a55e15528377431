import { theOwner } from '../database/the-owner.js';
import { toE164 } from '../format/phone.js';
import type { Write } from '../write.js';

/**
 * Reads the numbers among customers' contact infos anew, after their country changed (A19): two statements for any
 * number. `countries`: the new ones, by the customers' ids. The customers are touched already.
 */
export async function rederiveContactInfos(tx: Write, countries: ReadonlyMap<string, string | null>): Promise<void> {
  if (countries.size === 0) return;
  const numbers = await tx.rows<{ id: string; customerId: string; value: string; valueE164: string | null }>(
    `/* contactNumbers */ SELECT id, customer_id AS "customerId", value, value_e164 AS "valueE164" FROM contact_info
     WHERE owner_id = ${theOwner} AND customer_id = ANY ($2::bigint[]) AND kind IN ('PHONE', 'MOBILE', 'FAX')`,
    [tx.ownerId, [...countries.keys()]],
  );
  const changed = numbers
    .map(({ id, customerId, value, valueE164: was }) => ({ id, was, is: toE164(value, countries.get(customerId)!) }))
    .filter(({ was, is }) => was !== is);
  if (changed.length === 0) return;
  await tx.rows(
    `/* rederiveContactInfos */ UPDATE contact_info i SET value_e164 = d.e164
     FROM unnest($2::bigint[], $3::text[]) AS d (id, e164) WHERE i.owner_id = ${theOwner} AND i.id = d.id`,
    [tx.ownerId, changed.map(({ id }) => id), changed.map(({ is }) => is)],
  );
}
