import { caselessKey } from '../format/caseless.js';
import type { ApplyRows } from './apply-rows.js';
import type { Batch, RowReference } from './batch.js';
import type { BatchCustomer } from './batch-customer.js';
import type { CheckedRow } from './customer-fields.js';

/**
 * Lets a customer take what a good row says beside its fields: links (of each system one, `null` takes all away: A40),
 * tags in addition to those it has, consents as of now, a login that nobody has. Tells whether any of it is news.
 *
 * @param loginKey of the login to make; undefined: none
 */
export function sayRest(
  row: CheckedRow,
  index: number,
  customer: BatchCustomer,
  references: RowReference[],
  loginKey: string | undefined,
  batch: Batch,
  { consentSource }: ApplyRows,
): { isNews: boolean; userMade: boolean } {
  const linked = sayLinks(row, customer, references, batch);
  const tagged = sayTags(row, customer);
  const consented = [
    sayConsent(customer, 'EMAIL', row.acceptsMarketingEmail, consentSource),
    sayConsent(customer, 'SMS', row.acceptsMarketingSms, consentSource),
  ].includes(true);
  const userMade = loginKey !== undefined && row.adminUser !== null;
  if (userMade) {
    customer.logins.push({ ...row.adminUser!, index });
    batch.takeLogin(customer, loginKey);
  }
  return { isNews: linked || tagged || consented || userMade, userMade };
}

function sayLinks(row: CheckedRow, customer: BatchCustomer, references: RowReference[], batch: Batch): boolean {
  const gone = row.unlinks ? [...customer.references.keys()] : [];
  for (const systemId of gone) batch.unlink(customer, systemId);
  const fresh = references.filter(({ systemId, identifier }) => customer.references.get(systemId!) !== identifier);
  for (const { systemId, identifier } of fresh) batch.link(customer, systemId!, identifier);
  return gone.length + fresh.length > 0;
}

function sayTags(row: CheckedRow, customer: BatchCustomer): boolean {
  const before = customer.tags.size;
  for (const name of row.tags) {
    const key = caselessKey(name);
    if (!customer.tags.has(key)) customer.tags.set(key, name);
  }
  return customer.tags.size > before;
}

/** News is what differs from the statement in force, by whoever says it; `recordConsents` judges the same. */
function sayConsent(
  customer: BatchCustomer,
  channel: 'EMAIL' | 'SMS',
  accepted: boolean | undefined,
  source: string | null,
): boolean {
  if (accepted === undefined) return false;
  const stored = customer.stored?.consents.get(channel);
  const isStored = stored?.accepted === accepted && stored.source === source && stored.evidence === null;
  const said = customer.consents.get(channel);
  if (said ? said.accepted === accepted : isStored) return false;
  if (isStored) customer.consents.delete(channel);
  else customer.consents.set(channel, { accepted, source });
  return true;
}
