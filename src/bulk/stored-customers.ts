import { consentsOf } from '../consent/consents.js';
import type { Consent } from '../consent/consent.entity.js';
import { Customer } from '../customer/customer.entity.js';
import { selectList } from '../database/select-list.js';
import { theOwner } from '../database/the-owner.js';
import { Raced, type Write } from '../write.js';
import { referenceKey, type TakenKeys } from './taken-keys.js';

/** A customer as it is stored, with everything that a row can change. */
export interface StoredCustomer {
  customer: Customer;
  /** Identifiers by the system's id. */
  references: ReadonlyMap<string, string>;
  /** Names by `caselessKey`. */
  tags: ReadonlyMap<string, string>;
  /** The statements in force, by channel. */
  consents: ReadonlyMap<string, Consent>;
}

/**
 * Reads the customers whose keys rows have, in five statements for any number; hidden ones are left out. The
 * customers themselves come first: whoever changes anything of one raises its version, so a version that is found
 * unchanged under a lock afterwards vouches for all of it.
 * @throws Raced when a key went to another customer since it was looked up
 */
export async function storedCustomers(tx: Write, taken: TakenKeys): Promise<Map<string, StoredCustomer>> {
  const holders = [taken.ids, taken.codes, taken.references].flatMap((keys) => [...keys.values()]);
  const ids = [...new Set(holders.filter(({ hidden }) => !hidden).map(({ id }) => id))];
  if (ids.length === 0) return new Map();
  const customers = await tx.rows<Customer>(
    `/* storedCustomers */ SELECT ${columns} FROM customer c WHERE c.owner_id = ${theOwner} AND c.id = ANY ($2::bigint[])`,
    [tx.ownerId, ids],
  );
  const references = pairsBy(
    await tx.rows<Pair>(
      `/* storedReferences */ SELECT customer_id AS "customerId", system_id::text AS key, identifier AS value
       FROM external_reference WHERE owner_id = ${theOwner} AND customer_id = ANY ($2::bigint[])`,
      [tx.ownerId, ids],
    ),
  );
  const tags = await storedTags(tx, ids);
  const consents = pairsBy(
    (await consentsOf(tx, tx.ownerId, ids)).map((consent) => ({
      customerId: consent.customerId,
      key: consent.channel,
      value: consent,
    })),
  );
  const found = new Map(
    customers.map((customer) => [
      customer.id,
      {
        customer,
        references: references.get(customer.id) ?? new Map<string, string>(),
        tags: tags.get(customer.id) ?? new Map<string, string>(),
        consents: consents.get(customer.id) ?? new Map<string, Consent>(),
      },
    ]),
  );
  demandKeys(taken, found);
  return found;
}

const columns = selectList(Customer, 'c');

/** Read by themselves: joined, a few thousand tags were compared with each of the links to them. */
async function storedTags(tx: Write, customerIds: string[]): Promise<Map<string, Map<string, string>>> {
  const links = await tx.rows<{ customerId: string; tagId: string }>(
    `/* storedTags */ SELECT customer_id AS "customerId", tag_id AS "tagId" FROM customer_tag
     WHERE owner_id = ${theOwner} AND customer_id = ANY ($2::bigint[])`,
    [tx.ownerId, customerIds],
  );
  const names = await tx.rows<{ id: string; key: string; value: string }>(
    `/* storedTagNames */ SELECT id, name_key AS key, name AS value FROM tag
     WHERE owner_id = ${theOwner} AND id = ANY ($2::bigint[])`,
    [tx.ownerId, [...new Set(links.map(({ tagId }) => tagId))]],
  );
  const byId = new Map(names.map(({ id, ...name }) => [id, name]));
  return pairsBy(
    links.flatMap(({ customerId, tagId }) => {
      const name = byId.get(tagId); // none: taken from everybody in between, under another version
      return name ? [{ customerId, ...name }] : [];
    }),
  );
}

interface Pair<T = string> {
  customerId: string;
  key: string;
  value: T;
}

function pairsBy<T>(pairs: Pair<T>[]): Map<string, Map<string, T>> {
  const all = new Map<string, Map<string, T>>();
  for (const { customerId, key, value } of pairs) {
    const own = all.get(customerId);
    if (own) own.set(key, value);
    else all.set(customerId, new Map([[key, value]]));
  }
  return all;
}

function demandKeys(taken: TakenKeys, found: ReadonlyMap<string, StoredCustomer>): void {
  for (const [codeKey, { id, hidden }] of taken.codes)
    if (!hidden && found.get(id)?.customer.codeKey !== codeKey) throw new Raced();
  for (const [key, { id, hidden }] of taken.references) {
    const systemId = key.slice(0, key.indexOf(' '));
    const identifier = found.get(id)?.references.get(systemId);
    if (!hidden && (identifier === undefined || referenceKey({ systemId, identifier }) !== key)) throw new Raced();
  }
}
