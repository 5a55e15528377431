import { theOwner } from './database/the-owner.js';
import type { Write } from './write.js';

/**
 * Raises the versions of customers. Takes the row locks in the order of the ids, all of them before the first change: this
 * lock is the order of a customer's events (B.3).
 */
export function raiseVersions(
  tx: Pick<Write, 'ownerId' | 'at' | 'rows' | 'prepared'>,
  customerIds: string[],
): Promise<unknown> {
  if (customerIds.length === 1) return tx.prepared(one, [tx.ownerId, customerIds[0], tx.at]);
  return tx.rows(many, [tx.ownerId, customerIds, tx.at]);
}

const one = `/* raiseVersion */
  UPDATE customer SET version = version + 1, updated_at = coalesce($3::timestamptz, statement_timestamp())
  WHERE owner_id = ${theOwner} AND id = $2`;

const many = `/* raiseVersions */
  WITH locked AS MATERIALIZED (
    SELECT id FROM customer WHERE owner_id = ${theOwner} AND id = ANY ($2::bigint[]) ORDER BY id FOR NO KEY UPDATE)
  UPDATE customer SET version = version + 1, updated_at = coalesce($3::timestamptz, statement_timestamp())
  WHERE owner_id = ${theOwner} AND id = ANY ($2::bigint[]) AND (SELECT count(*) FROM locked) > 0`;
