import { toE164 } from '../format/phone.js';
import type { Write } from '../write.js';

/** Reads the numbers among a customer's contact infos anew, after its country changed (A19). The customer is touched already. */
export async function rederiveContactInfos(tx: Write, customerId: string, country: string | null): Promise<void> {
  const numbers = await tx.rows<{ id: string; value: string; valueE164: string | null }>(
    `/* contactNumbers */ SELECT id, value, value_e164 AS "valueE164" FROM contact_info
     WHERE owner_id = $1 AND customer_id = $2 AND kind IN ('PHONE', 'MOBILE', 'FAX')`,
    [tx.ownerId, customerId],
  );
  const changed = numbers
    .map(({ id, value, valueE164 }) => ({ id, was: valueE164, is: toE164(value, country) }))
    .filter(({ was, is }) => was !== is);
  if (changed.length === 0) return;
  await tx.rows(
    `/* rederiveContactInfos */ UPDATE contact_info i SET value_e164 = d.e164
     FROM unnest($2::bigint[], $3::text[]) AS d (id, e164) WHERE i.owner_id = $1 AND i.id = d.id`,
    [tx.ownerId, changed.map(({ id }) => id), changed.map(({ is }) => is)],
  );
}
