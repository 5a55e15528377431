import { recordConsents } from '../consent/consents.js';
import { insertUsers } from '../customer/insert-users.js';
import { together } from '../database/together.js';
import { theOwner } from '../database/the-owner.js';
import { EventReason } from '../event-reason.js';
import { caselessKey } from '../format/caseless.js';
import type { Secret } from '../secret.js';
import { ensureTags } from '../tag/ensure-tags.js';
import type { Write } from '../write.js';
import type { ApplyRows } from './apply-rows.js';
import type { BatchCustomer } from './batch-customer.js';

/**
 * The ids of the tags that customers of a batch get, by `caselessKey` of the name; missing ones are made. Of those that are
 * known nothing is asked.
 */
export async function tagsWanted(
  tx: Write,
  customers: BatchCustomer[],
  known: ReadonlyMap<string, string> = new Map(),
): Promise<ReadonlyMap<string, string>> {
  const names = customers.flatMap(({ tagsNew }) => tagsNew).filter((name) => !known.has(caselessKey(name)));
  return names.length === 0 ? known : ensureTags(tx, names);
}

/**
 * Stores what hangs on the customers of a batch, new and changed ones: logins, links, tags, consents. A fixed number of
 * statements, sent together. What another transaction took meanwhile starts the write anew.
 */
export function storeLinks(
  tx: Write,
  customers: BatchCustomer[],
  tagIds: ReadonlyMap<string, string>,
  { secret, keysOnly = false }: Pick<ApplyRows, 'secret' | 'keysOnly'>,
): Promise<void> {
  return together([
    insertLogins(tx, customers, secret),
    deleteReferences(tx, customers),
    insertReferences(tx, customers),
    ...(keysOnly ? [] : [insertTags(tx, customers, tagIds), insertConsents(tx, customers)]),
  ]);
}

async function insertLogins(tx: Write, customers: BatchCustomer[], secret: Secret): Promise<void> {
  const users = customers.flatMap(({ id, logins }) => logins.map((login) => ({ ...login, customerId: id! })));
  await insertUsers(tx, secret, users);
  tx.touch(storedAmong(customers.filter(({ logins }) => logins.length > 0)), EventReason.UPDATED);
}

async function deleteReferences(tx: Write, customers: BatchCustomer[]): Promise<void> {
  const gone = customers.flatMap(({ id, linksGone }) => linksGone.map((systemId) => ({ id: id!, systemId })));
  if (gone.length === 0) return;
  await tx.rows(
    `/* deleteReferences */
     DELETE FROM external_reference r USING unnest($2::bigint[], $3::bigint[]) AS gone (customer_id, system_id)
     WHERE r.owner_id = ${theOwner} AND r.customer_id = gone.customer_id AND r.system_id = gone.system_id`,
    [tx.ownerId, gone.map(({ id }) => id), gone.map(({ systemId }) => systemId)],
  );
  tx.touch(
    gone.map(({ id }) => id),
    EventReason.UPDATED,
  );
}

async function insertReferences(tx: Write, customers: BatchCustomer[]): Promise<void> {
  const references = customers.flatMap(({ id, linksNew }) => linksNew.map((link) => ({ ...link, customerId: id! })));
  if (references.length === 0) return;
  await tx.rows(
    `/* insertReferences */
     INSERT INTO external_reference (owner_id, customer_id, system_id, identifier)
     SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[])`,
    [
      tx.ownerId,
      references.map((r) => r.customerId),
      references.map((r) => r.systemId),
      references.map((r) => r.identifier),
    ],
  );
  tx.touch(storedAmong(customers.filter(({ linksNew }) => linksNew.length > 0)), EventReason.UPDATED);
}

async function insertTags(tx: Write, customers: BatchCustomer[], tagIds: ReadonlyMap<string, string>): Promise<void> {
  const wanted = customers.flatMap(({ id, tagsNew }) => tagsNew.map((name) => ({ name, customerId: id! })));
  if (wanted.length === 0) return;
  await tx.rows(
    `/* insertCustomerTags */
     INSERT INTO customer_tag (owner_id, customer_id, tag_id)
     SELECT $1, * FROM unnest($2::bigint[], $3::bigint[])`,
    [tx.ownerId, wanted.map((tag) => tag.customerId), wanted.map((tag) => tagIds.get(caselessKey(tag.name))!)],
  );
  tx.touch(storedAmong(customers.filter(({ tagsNew }) => tagsNew.length > 0)), EventReason.TAG);
}

async function insertConsents(tx: Write, customers: BatchCustomer[]): Promise<void> {
  const said = customers.filter(({ isNew, consents }) => isNew && consents.size > 0);
  tx.touch(
    said.map(({ id }) => id!),
    EventReason.CONSENT, // before the answer: what a new customer says is news in any case
  );
  const statements = customers.flatMap(({ id, consents }) =>
    [...consents].map(([channel, said]) => ({ customerId: id!, channel, ...said, evidence: null, occurredAt: null })),
  );
  await recordConsents(tx, statements);
}

/** Of a new customer everything it comes with is the one event that it was made. */
const storedAmong = (customers: BatchCustomer[]): string[] =>
  customers.flatMap(({ id, stored }) => (stored ? [id!] : []));
